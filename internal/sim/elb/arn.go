package elb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/world"
)

// arnOf makes the ARN of one of the service's resources.
func arnOf(r *world.Region, resource string) string { return arnPrefix(r) + resource }

func arnPrefix(r *world.Region) string {
	return "arn:aws:elasticloadbalancing:" + r.Name + ":" + world.Account + ":"
}

// shortType is how ARNs and interfaces name a type of load balancer.
func shortType(kind string) string {
	if kind == "network" {
		return "net"
	}
	return "app"
}

// noun is a kind of resource as ARNs and refusals name it.
type noun struct {
	member  string // of the API's inputs
	segment string // of the ARN
	words   string
	code    string // of the refusal of an unknown one
}

func aBalancer() noun {
	return noun{"loadBalancerArn", "loadbalancer/", "load balancer", "LoadBalancerNotFound"}
}

func aTargetGroup() noun {
	return noun{"targetGroupArn", "targetgroup/", "target group", "TargetGroupNotFound"}
}
func aListener() noun { return noun{"listenerArn", "listener/", "listener", "ListenerNotFound"} }
func aRule() noun     { return noun{"ruleArn", "listener-rule/", "listener rule", "RuleNotFound"} }

// unknown is the refusal of an ARN that leads nowhere.
func (n noun) unknown() error {
	return refuse(n.code, "One or more %ss not found", strings.TrimPrefix(n.words, "listener "))
}

// check refuses what is no ARN of this kind in this region.
func (n noun) check(r *world.Region, arn *string) error {
	if err := needed(n.member, arn != nil); err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(*arn, arnPrefix(r)+n.segment)
	if !ok || rest == "" {
		return invalid("'%s' is not a valid %s ARN", *arn, n.words)
	}
	return nil
}

// find gives the row that an ARN names.
func find[T any](r *world.Region, t *world.Table[T], n noun, arn *string) (*T, error) {
	if err := n.check(r, arn); err != nil {
		return nil, err
	}
	row, ok := t.Get(aws.ToString(arn))
	if !ok {
		return nil, n.unknown()
	}
	return row, nil
}

func balancerBy(r *world.Region, arn *string) (*world.LoadBalancer, error) {
	return find(r, &r.Balancing.LoadBalancers, aBalancer(), arn)
}

func groupBy(r *world.Region, arn *string) (*world.TargetGroup, error) {
	return find(r, &r.Balancing.TargetGroups, aTargetGroup(), arn)
}

func listenerBy(r *world.Region, arn *string) (*world.Listener, error) {
	return find(r, &r.Balancing.Listeners, aListener(), arn)
}

func ruleBy(r *world.Region, arn *string) (*world.ListenerRule, error) {
	return find(r, &r.Balancing.Rules, aRule(), arn)
}
