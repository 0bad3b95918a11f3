package elb

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/world"
)

const desyncMode = "elb.http.desyncmitigationmode"

// DescribeClassicAttributes tells all attributes of a classic load balancer.
func DescribeClassicAttributes(c *world.Call, in *elbv1.DescribeLoadBalancerAttributesInput) (*elbv1.DescribeLoadBalancerAttributesOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	return &elbv1.DescribeLoadBalancerAttributesOutput{LoadBalancerAttributes: toClassicAttributes(b)}, nil
}

// ModifyClassicAttributes sets some attributes; one bad one and nothing is set.
func ModifyClassicAttributes(c *world.Call, in *elbv1.ModifyLoadBalancerAttributesInput) (*elbv1.ModifyLoadBalancerAttributesOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("loadBalancerAttributes", in.LoadBalancerAttributes != nil); err != nil {
		return nil, err
	}
	a := in.LoadBalancerAttributes
	if err := classicAttributesValid(a); err != nil {
		return nil, err
	}
	if a.CrossZoneLoadBalancing != nil {
		b.CrossZone = a.CrossZoneLoadBalancing.Enabled
		stir(c.World, c.Region, b.Name)
	}
	if d := a.ConnectionDraining; d != nil {
		b.Draining = d.Enabled
		if d.Timeout != nil {
			b.DrainSeconds = *d.Timeout
		}
	}
	if a.ConnectionSettings != nil {
		b.IdleSeconds = aws.ToInt32(a.ConnectionSettings.IdleTimeout)
	}
	if l := a.AccessLog; l != nil {
		b.Log = world.AccessLog{On: l.Enabled, Bucket: aws.ToString(l.S3BucketName), Prefix: aws.ToString(l.S3BucketPrefix), Minutes: 60}
		if l.EmitInterval != nil {
			b.Log.Minutes = *l.EmitInterval
		}
	}
	for _, x := range a.AdditionalAttributes {
		b.Desync = aws.ToString(x.Value)
	}
	return &elbv1.ModifyLoadBalancerAttributesOutput{LoadBalancerName: in.LoadBalancerName, LoadBalancerAttributes: toClassicAttributes(b)}, nil
}

func classicAttributesValid(a *types1.LoadBalancerAttributes) error {
	if d := a.ConnectionDraining; d != nil {
		if err := within("connectionDraining.timeout", d.Timeout, 1, 3600); err != nil {
			return err
		}
	}
	if s := a.ConnectionSettings; s != nil {
		if err := first(needed("connectionSettings.idleTimeout", s.IdleTimeout != nil), within("connectionSettings.idleTimeout", s.IdleTimeout, 1, 4000)); err != nil {
			return err
		}
	}
	if l := a.AccessLog; l != nil {
		if l.EmitInterval != nil && *l.EmitInterval != 5 && *l.EmitInterval != 60 {
			return misconfigured(http.StatusConflict, "The access log interval must be 5 or 60 minutes")
		}
		if l.Enabled && aws.ToString(l.S3BucketName) == "" {
			return misconfigured(http.StatusConflict, "The access log needs the name of a bucket")
		}
	}
	for _, x := range a.AdditionalAttributes {
		if aws.ToString(x.Key) != desyncMode {
			return refuse("LoadBalancerAttributeNotFound", "The specified load balancer attribute does not exist: %s", aws.ToString(x.Key))
		}
		if err := oneOf("additionalAttributes.1.member.value", aws.ToString(x.Value), "monitor", "defensive", "strictest"); err != nil {
			return err
		}
	}
	return nil
}

func toClassicAttributes(b *world.ClassicBalancer) *types1.LoadBalancerAttributes {
	out := &types1.LoadBalancerAttributes{
		CrossZoneLoadBalancing: &types1.CrossZoneLoadBalancing{Enabled: b.CrossZone},
		ConnectionDraining:     &types1.ConnectionDraining{Enabled: b.Draining, Timeout: aws.Int32(b.DrainSeconds)},
		ConnectionSettings:     &types1.ConnectionSettings{IdleTimeout: aws.Int32(b.IdleSeconds)},
		AccessLog:              &types1.AccessLog{Enabled: b.Log.On},
		AdditionalAttributes:   []types1.AdditionalAttribute{{Key: aws.String(desyncMode), Value: aws.String(b.Desync)}},
	}
	if b.Log.Bucket != "" {
		out.AccessLog.S3BucketName = aws.String(b.Log.Bucket)
		out.AccessLog.S3BucketPrefix = aws.String(b.Log.Prefix)
		out.AccessLog.EmitInterval = aws.Int32(b.Log.Minutes)
	}
	return out
}
