package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func listenerEntry() entry { return typed(createListener, updateListener, deleteListener) }

// createListener may be repeated: AWS answers an equal request for the same port with the listener that stands (ELB
// API reference, CreateListener).
func createListener(ctx context.Context, j *job, l model.Listener) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.Balance.CreateListener, &elbv2.CreateListenerInput{
		LoadBalancerArn: aws.String(j.have.Handle(model.LoadBalancerKey(l.Balancer)).ARN), Port: aws.Int32(int32(l.Port)),
		Protocol: types.ProtocolEnum(l.Protocol), Certificates: certificates(l.TLS.Certificate), SslPolicy: some(l.TLS.Policy),
		DefaultActions: j.defaultAction(l), Tags: balanceTags(l.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	var h model.Handle
	for _, made := range out.Listeners {
		h.ID, h.ARN = aws.ToString(made.ListenerArn), aws.ToString(made.ListenerArn)
	}
	return h, j.addCertificates(ctx, h.ARN, l.TLS.Further)
}

// updateListener puts certificates into the list before it changes the default one, and takes others out after it, so that
// clients of every name that stays are served all the time.
func updateListener(ctx context.Context, j *job, l model.Listener) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Listener)
	encrypted := from.Protocol == l.Protocol && l.TLS.Certificate != ""
	if encrypted {
		if err := j.addCertificates(ctx, h.ARN, notIn(l.TLS.Further, from.TLS.Further)); err != nil {
			return h, err
		}
	}
	if j.differs("protocol", "certificate", "tls_policy", "default_target", "redirect") {
		_, err := cloud.Repeat(ctx, j.c, j.c.Balance.ModifyListener, &elbv2.ModifyListenerInput{
			ListenerArn: aws.String(h.ARN), Protocol: types.ProtocolEnum(l.Protocol), Certificates: certificates(l.TLS.Certificate),
			SslPolicy: some(l.TLS.Policy), DefaultActions: j.defaultAction(l),
		})
		if err != nil {
			return h, err
		}
	}
	if !encrypted { // it had no list before
		if err := j.addCertificates(ctx, h.ARN, l.TLS.Further); err != nil {
			return h, err
		}
	}
	if err := j.removeCertificates(ctx, h.ARN, from.TLS, l.TLS); err != nil {
		return h, err
	}
	return h, j.retagBalance(ctx, h.ARN, from.Tags, l.Tags)
}

func (j *job) addCertificates(ctx context.Context, listener string, arns []string) error {
	if len(arns) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.AddListenerCertificates, &elbv2.AddListenerCertificatesInput{
		ListenerArn: aws.String(listener), Certificates: certificates(arns...),
	})
	return err
}

// removeCertificates takes out of the list what is in it and not wanted. A default certificate that was exchanged may be in
// the list as well, where it could not be seen.
func (j *job) removeCertificates(ctx context.Context, listener string, from, to model.Encryption) error {
	if to.Certificate == "" || from.Certificate == "" {
		return nil
	}
	for _, arn := range notIn(append([]string{from.Certificate}, from.Further...), append([]string{to.Certificate}, to.Further...)) {
		_, err := cloud.Repeat(ctx, j.c, j.c.Balance.RemoveListenerCertificates, &elbv2.RemoveListenerCertificatesInput{
			ListenerArn: aws.String(listener), Certificates: certificates(arn),
		})
		if err := gone(err); err != nil {
			return err
		}
	}
	return nil
}

func certificates(arns ...string) []types.Certificate {
	var out []types.Certificate
	for _, arn := range arns {
		if arn != "" {
			out = append(out, types.Certificate{CertificateArn: aws.String(arn)})
		}
	}
	return out
}

// some is a text that is left out when it is empty.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return aws.String(text)
}

func deleteListener(ctx context.Context, j *job, _ model.Listener) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

// defaultAction sends what no rule claims to the listener's default target group, or elsewhere.
func (j *job) defaultAction(l model.Listener) []types.Action {
	if r := l.Redirect; r != (model.Redirect{}) {
		return []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
			Protocol: aws.String(r.Protocol), Host: aws.String(r.Host), Port: aws.String(r.Port), Path: aws.String(r.Path),
			Query: aws.String(r.Query), StatusCode: types.RedirectActionStatusCodeEnum(r.Status),
		}}}
	}
	return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(j.have.ID(l.Target))}}
}
