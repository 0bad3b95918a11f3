package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func classicEntry() entry { return typed(createClassic, updateClassic, deleteClassic) }

// createClassic may be repeated: AWS answers an equal request of the same name with the load balancer that stands.
func createClassic(ctx context.Context, j *job, b model.ClassicLoadBalancer) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.Classic.CreateLoadBalancer, &elbv1.CreateLoadBalancerInput{
		LoadBalancerName: aws.String(b.Name), Scheme: classicScheme(b.Scheme), Subnets: j.ids(b.Subnets), SecurityGroups: j.ids(b.Groups),
		Listeners: classicListeners(plainPort(b), b.TLS), Tags: classicTags(b.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: b.Name, Address: aws.ToString(out.DNSName)}
	if err := j.setClassicPolicy(ctx, b); err != nil {
		return h, err
	}
	if err := j.setClassicCheck(ctx, b); err != nil {
		return h, err
	}
	return h, j.setClassicAttributes(ctx, b)
}

// classicScheme is left out for a load balancer that faces the internet: the API has a word for internal ones only.
func classicScheme(scheme string) *string {
	if scheme != "internal" {
		return nil
	}
	return aws.String(scheme)
}

// classicListeners are one for each port that is open.
func classicListeners(ports ...model.ClassicTLS) []types.Listener {
	var out []types.Listener
	for _, p := range ports {
		if p.Port == 0 {
			continue
		}
		front, behind, differ := strings.Cut(p.Protocol, " to ")
		if !differ {
			behind = front
		}
		out = append(out, types.Listener{
			LoadBalancerPort: int32(p.Port), Protocol: aws.String(front), SSLCertificateId: some(p.Certificate),
			InstancePort: aws.Int32(int32(p.InstancePort)), InstanceProtocol: aws.String(behind),
		})
	}
	return out
}

// plainPort is the port for plain connections in the form of the encrypted one.
func plainPort(b model.ClassicLoadBalancer) model.ClassicTLS {
	return model.ClassicTLS{Port: b.Port, InstancePort: b.InstancePort, Protocol: b.Protocol}
}

func updateClassic(ctx context.Context, j *job, b model.ClassicLoadBalancer) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.ClassicLoadBalancer)
	for _, part := range []struct {
		names []string
		set   func() error
	}{
		{[]string{"subnets"}, func() error { return j.moveClassic(ctx, from, b) }},
		{[]string{"security_groups"}, func() error { return j.guardClassic(ctx, b) }},
		{[]string{"port", "instance_port", "protocol"}, func() error { return j.reopenClassic(ctx, b.Name, plainPort(from), plainPort(b)) }},
		{[]string{"https."}, func() error { return j.encryptClassic(ctx, from, b) }},
		{[]string{"health_check."}, func() error { return j.setClassicCheck(ctx, b) }},
		{[]string{"cross_zone", "connection_draining_seconds", "idle_timeout_seconds", "access_logs"}, func() error { return j.setClassicAttributes(ctx, b) }},
		{[]string{"tags."}, func() error { return j.retagClassic(ctx, b.Name, from.Tags, b.Tags) }},
	} {
		if !j.differs(part.names...) {
			continue
		}
		if err := part.set(); err != nil {
			return h, err
		}
	}
	return h, nil
}

// deleteClassic succeeds also when the load balancer is gone; its interfaces go some time later.
func deleteClassic(ctx context.Context, j *job, b model.ClassicLoadBalancer) (model.Handle, error) {
	h := j.handle()
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.DeleteLoadBalancer, &elbv1.DeleteLoadBalancerInput{LoadBalancerName: aws.String(b.Name)})
	if err = gone(err); err != nil {
		return h, err
	}
	h.Status = model.Leaving
	return h, nil
}

// moveClassic goes into the wanted subnets before it leaves others. Only where AWS refuses that, because a zone takes
// one subnet, does it leave first.
func (j *job) moveClassic(ctx context.Context, from, to model.ClassicLoadBalancer) error {
	enter, leave := j.ids(notIn(to.Subnets, from.Subnets)), j.ids(notIn(from.Subnets, to.Subnets))
	err := j.attachClassic(ctx, to.Name, enter)
	if cloud.Code(err) == "InvalidConfigurationRequest" && len(leave) > 0 {
		if err := j.detachClassic(ctx, to.Name, leave); err != nil {
			return err
		}
		return j.attachClassic(ctx, to.Name, enter)
	}
	if err != nil {
		return err
	}
	return j.detachClassic(ctx, to.Name, leave)
}

func (j *job) attachClassic(ctx context.Context, name string, subnets []string) error {
	if len(subnets) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.AttachLoadBalancerToSubnets, &elbv1.AttachLoadBalancerToSubnetsInput{
		LoadBalancerName: aws.String(name), Subnets: subnets,
	})
	return err
}

func (j *job) detachClassic(ctx context.Context, name string, subnets []string) error {
	if len(subnets) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.DetachLoadBalancerFromSubnets, &elbv1.DetachLoadBalancerFromSubnetsInput{
		LoadBalancerName: aws.String(name), Subnets: subnets,
	})
	return err
}

func (j *job) guardClassic(ctx context.Context, b model.ClassicLoadBalancer) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.ApplySecurityGroupsToLoadBalancer, &elbv1.ApplySecurityGroupsToLoadBalancerInput{
		LoadBalancerName: aws.String(b.Name), SecurityGroups: j.ids(b.Groups),
	})
	return err
}

func (j *job) setClassicCheck(ctx context.Context, b model.ClassicLoadBalancer) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.ConfigureHealthCheck, &elbv1.ConfigureHealthCheckInput{
		LoadBalancerName: aws.String(b.Name), HealthCheck: &types.HealthCheck{
			Target: aws.String(b.Check.Target), Interval: aws.Int32(int32(b.Check.Interval)), Timeout: aws.Int32(int32(b.Check.Timeout)),
			HealthyThreshold: aws.Int32(int32(b.Check.Healthy)), UnhealthyThreshold: aws.Int32(int32(b.Check.Unhealthy)),
		},
	})
	return err
}

func (j *job) setClassicAttributes(ctx context.Context, b model.ClassicLoadBalancer) error {
	drain := &types.ConnectionDraining{Enabled: b.DrainSeconds > 0}
	if drain.Enabled {
		drain.Timeout = aws.Int32(int32(b.DrainSeconds))
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.ModifyLoadBalancerAttributes, &elbv1.ModifyLoadBalancerAttributesInput{
		LoadBalancerName: aws.String(b.Name), LoadBalancerAttributes: &types.LoadBalancerAttributes{
			CrossZoneLoadBalancing: &types.CrossZoneLoadBalancing{Enabled: b.CrossZone}, ConnectionDraining: drain,
			ConnectionSettings: &types.ConnectionSettings{IdleTimeout: aws.Int32(int32(b.IdleSeconds))}, AccessLog: classicLog(b.AccessLogs),
		},
	})
	return err
}

func classicLog(to string) *types.AccessLog {
	if to == "" {
		return &types.AccessLog{}
	}
	bucket, prefix, _ := strings.Cut(to, "/")
	return &types.AccessLog{Enabled: true, S3BucketName: aws.String(bucket), S3BucketPrefix: aws.String(prefix)}
}
