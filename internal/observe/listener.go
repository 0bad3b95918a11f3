package observe

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

type listenerAnswers struct{ listeners []types.Listener }

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

func listenerTagCalls(l *look) []call {
	var arns []string
	for _, x := range l.listeners {
		arns = append(arns, aws.ToString(x.ListenerArn))
	}
	return l.balanceTagCalls(arns)
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
			Balancer: balancerOf(balancer), Port: port, Protocol: string(x.Protocol), Target: l.defaultTarget(x.DefaultActions), Tags: tags.Own(),
		}
		if _, ours := l.mine(tags, model.KindListener); !ours {
			l.stray(r.Key(), arn, "listener on port "+strconv.Itoa(port)+" of load balancer "+l.scope.BalancerName(r.Balancer))
			continue
		}
		l.add(r, model.Handle{ID: arn, ARN: arn})
	}
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
