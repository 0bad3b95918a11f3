package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// reopenClassic replaces a listener, which AWS cannot change. On another port the new one opens before the old one
// closes.
func (j *job) reopenClassic(ctx context.Context, name string, from, to model.ClassicTLS) error {
	if from.Port == to.Port {
		if err := j.closeClassic(ctx, name, from.Port); err != nil {
			return err
		}
		return j.openClassic(ctx, name, to)
	}
	if err := j.openClassic(ctx, name, to); err != nil {
		return err
	}
	return j.closeClassic(ctx, name, from.Port)
}

func (j *job) openClassic(ctx context.Context, name string, to model.ClassicTLS) error {
	if to.Port == 0 {
		return nil // none is wanted
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.CreateLoadBalancerListeners, &elbv1.CreateLoadBalancerListenersInput{
		LoadBalancerName: aws.String(name), Listeners: classicListeners(to),
	})
	return err
}

func (j *job) closeClassic(ctx context.Context, name string, port int) error {
	if port == 0 {
		return nil // none was open
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.DeleteLoadBalancerListeners, &elbv1.DeleteLoadBalancerListenersInput{
		LoadBalancerName: aws.String(name), LoadBalancerPorts: []int32{int32(port)},
	})
	return err
}

// encryptClassic makes the port for HTTPS the wanted one. Certificate and policy are exchanged while it stays open.
func (j *job) encryptClassic(ctx context.Context, from, to model.ClassicLoadBalancer) error {
	if j.differs("https.port", "https.instance_port", "https.protocol") {
		if err := j.reopenClassic(ctx, to.Name, from.TLS, to.TLS); err != nil {
			return err
		}
		return j.setClassicPolicy(ctx, to)
	}
	if j.differs("https.certificate") {
		_, err := cloud.Repeat(ctx, j.c, j.c.Classic.SetLoadBalancerListenerSSLCertificate, &elbv1.SetLoadBalancerListenerSSLCertificateInput{
			LoadBalancerName: aws.String(to.Name), LoadBalancerPort: int32(to.TLS.Port), SSLCertificateId: aws.String(to.TLS.Certificate),
		})
		if err != nil {
			return err
		}
	}
	if !j.differs("https.tls_policy") {
		return nil
	}
	return j.setClassicPolicy(ctx, to)
}

// setClassicPolicy makes a copy of the predefined security policy, which a listener wants, and gives it to the listener. A
// policy never changes, so one of the name is as good as a new one.
func (j *job) setClassicPolicy(ctx context.Context, b model.ClassicLoadBalancer) error {
	if b.TLS.Policy == "" {
		return nil
	}
	name := model.ClassicPolicyPrefix + b.TLS.Policy
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.CreateLoadBalancerPolicy, &elbv1.CreateLoadBalancerPolicyInput{
		LoadBalancerName: aws.String(b.Name), PolicyName: aws.String(name), PolicyTypeName: aws.String("SSLNegotiationPolicyType"),
		PolicyAttributes: []types.PolicyAttribute{{
			AttributeName: aws.String("Reference-Security-Policy"), AttributeValue: aws.String(b.TLS.Policy),
		}},
	})
	if err != nil && cloud.Code(err) != "DuplicatePolicyName" {
		return err
	}
	_, err = cloud.Repeat(ctx, j.c, j.c.Classic.SetLoadBalancerPoliciesOfListener, &elbv1.SetLoadBalancerPoliciesOfListenerInput{
		LoadBalancerName: aws.String(b.Name), LoadBalancerPort: int32(b.TLS.Port), PolicyNames: []string{name},
	})
	return err
}
