package observe

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
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
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(l, l.c.Balance.DescribeListeners, in, func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) bool {
			l.listeners = append(l.listeners, out.Listeners...)
			return fetch.More(out.NextMarker, &in.Marker)
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
	return fetch.UnlessMissing(fetch.Pages(l, l.c.Balance.DescribeListenerCertificates, in, func(in *elbv2.DescribeListenerCertificatesInput, out *elbv2.DescribeListenerCertificatesOutput) bool {
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
		return fetch.More(out.NextMarker, &in.Marker)
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
			Balancer: shape.BalancerOf(balancer), Port: port, Protocol: string(x.Protocol), TLS: shape.Encryption(x, l.certificates[arn]), Tags: tags.Own(),
		}
		r.Target, r.Redirect = shape.DefaultAction(l.key, x.DefaultActions)
		if _, ours := l.mine(tags, model.KindListener); !ours {
			l.stray(r.Key(), arn, "listener on port "+strconv.Itoa(port)+" of load balancer "+l.scope.BalancerName(r.Balancer))
			continue
		}
		l.add(r, model.Handle{ID: arn, ARN: arn})
	}
}
