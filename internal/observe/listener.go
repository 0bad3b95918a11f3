package observe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

type listenerAnswers struct {
	listeners    []types.Listener
	certificates map[string][]string // by ARN of an encrypted listener: its further certificates
}

func listenerRow() row {
	return row{model.KindListener, []func(*look) []call{nothing, listenerCalls, listenerTagCalls}, foldListeners}
}

// listenerCalls asks each load balancer for its listeners, which is the only way to list them.
func listenerCalls(l *look) []call {
	var calls []call
	for _, arn := range l.balancerARNs() {
		in := &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(arn)}
		calls = append(calls, ifThere(pages(l, l.c.Balance.DescribeListeners, in, func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) bool {
			l.listeners = append(l.listeners, out.Listeners...)
			return more(out.NextMarker, &in.Marker)
		})))
	}
	return calls
}

// listenerTagCalls asks for tags, and for the further certificates of encrypted listeners, which their listing leaves out.
func listenerTagCalls(l *look) []call {
	l.certificates = map[string][]string{}
	var arns []string
	var calls []call
	for _, x := range l.listeners {
		arn := aws.ToString(x.ListenerArn)
		arns = append(arns, arn)
		if x.Protocol == types.ProtocolEnumHttps && l.isOurBalancer(aws.ToString(x.LoadBalancerArn)) {
			calls = append(calls, l.certificateCall(arn))
		}
	}
	return append(calls, l.balanceTagCalls(arns)...)
}

// isOurBalancer tells whether a load balancer is ours, as far as the rounds before say.
func (l *look) isOurBalancer(arn string) bool {
	if l.keys[arn].Kind == model.KindLoadBalancer {
		return true
	}
	_, ours := l.mine(l.balanceTags[arn], model.KindLoadBalancer)
	return ours
}

// certificateCall lists a listener's further certificates. The default one comes first, and again when it is among the
// others too.
func (l *look) certificateCall(arn string) call {
	in := &elbv2.DescribeListenerCertificatesInput{ListenerArn: aws.String(arn)}
	fixed := ""
	return ifThere(pages(l, l.c.Balance.DescribeListenerCertificates, in, func(in *elbv2.DescribeListenerCertificatesInput, out *elbv2.DescribeListenerCertificatesOutput) bool {
		for _, c := range out.Certificates {
			if aws.ToBool(c.IsDefault) {
				fixed = aws.ToString(c.CertificateArn)
			}
		}
		for _, c := range out.Certificates {
			if further := aws.ToString(c.CertificateArn); further != fixed {
				l.certificates[arn] = append(l.certificates[arn], further)
			}
		}
		return more(out.NextMarker, &in.Marker)
	}))
}

// foldListeners names a listener by its port, whatever its tag says: another port is another listener.
func foldListeners(l *look) {
	for _, x := range l.listeners {
		arn, port := aws.ToString(x.ListenerArn), int(aws.ToInt32(x.Port))
		balancer := l.key(aws.ToString(x.LoadBalancerArn))
		tags, there := l.balanceTags[arn]
		if balancer.Kind != model.KindLoadBalancer || !there {
			continue
		}
		r := model.Listener{
			Balancer: balancerOf(balancer), Port: port, Protocol: string(x.Protocol), TLS: l.encryption(x), Tags: tags.Own(),
		}
		r.Target, r.Redirect = l.defaultAction(x.DefaultActions)
		if _, ours := l.mine(tags, model.KindListener); !ours {
			l.stray(r.Key(), arn, "listener on port "+strconv.Itoa(port)+" of load balancer "+l.scope.BalancerName(r.Balancer))
			continue
		}
		l.add(r, model.Handle{ID: arn, ARN: arn})
	}
}

// encryption is zero for a listener without.
func (l *look) encryption(x types.Listener) model.Encryption {
	e := model.Encryption{Policy: aws.ToString(x.SslPolicy)}
	for _, c := range x.Certificates {
		e.Certificate = aws.ToString(c.CertificateArn)
	}
	e.Further = slices.DeleteFunc(slices.Sorted(slices.Values(l.certificates[aws.ToString(x.ListenerArn)])), func(arn string) bool {
		return arn == e.Certificate
	})
	return e
}

// defaultAction is where requests go that no rule claims: to a target group, or elsewhere altogether.
func (l *look) defaultAction(actions []types.Action) (model.Key, model.Redirect) {
	if len(actions) == 1 && actions[0].RedirectConfig != nil {
		c := actions[0].RedirectConfig
		return model.Key{}, model.Redirect{
			Protocol: aws.ToString(c.Protocol), Host: aws.ToString(c.Host), Port: aws.ToString(c.Port), Path: aws.ToString(c.Path),
			Query: aws.ToString(c.Query), Status: string(c.StatusCode),
		}
	}
	return l.defaultTarget(actions), model.Redirect{}
}

// defaultTarget is the one target group that gets all requests. Anything else that a listener may do by default is
// named as something foreign, so that it shows as drift.
func (l *look) defaultTarget(actions []types.Action) model.Key {
	var does []string
	for _, a := range actions {
		if a.Type != types.ActionTypeEnumForward {
			does = append(does, string(a.Type))
			continue
		}
		does = append(does, forwardsTo(a)...)
	}
	if len(does) == 1 {
		return l.key(does[0])
	}
	return model.Foreign(strings.Join(does, ", "))
}

// forwardsTo lists the target groups of an action, which AWS tells once or twice.
func forwardsTo(a types.Action) []string {
	if a.ForwardConfig == nil || len(a.ForwardConfig.TargetGroups) == 0 {
		return []string{aws.ToString(a.TargetGroupArn)}
	}
	var arns []string
	for _, g := range a.ForwardConfig.TargetGroups {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	return arns
}
