package observe

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// interfaceAnswers are the network interfaces in the cluster's VPC, whoever put them there.
type interfaceAnswers struct {
	interfaces      []types.NetworkInterface
	interfacesAsked bool // several kinds read the one answer
}

func interfaceCalls(l *look) []call {
	in := &ec2.DescribeNetworkInterfacesInput{Filters: l.inVPC()}
	if in.Filters == nil || l.interfacesAsked {
		return nil
	}
	l.interfacesAsked = true
	return []call{pages(l, l.c.EC2.DescribeNetworkInterfaces, in, func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) bool {
		l.interfaces = append(l.interfaces, out.NetworkInterfaces...)
		return more(out.NextToken, &in.NextToken)
	})}
}

// nodes are the interfaces of one load balancer. They outlive it by up to a minute and hold on to their subnets, their
// security groups and the internet gateway for as long.
type nodes struct {
	front   string // how their description names the load balancer, as frontOf tells
	owner   string // the account
	scheme  string
	subnets []model.Key
	groups  []model.Key
}

// frontOf is how an interface names the load balancer that it belongs to: "app/NAME/ID" for an Application Load
// Balancer, "NAME" for a classic one; empty for every other interface.
func frontOf(i types.NetworkInterface) string {
	front, ok := strings.CutPrefix(aws.ToString(i.Description), "ELB ")
	if !ok || !aws.ToBool(i.RequesterManaged) {
		return ""
	}
	return front
}

// fronts gathers the interfaces of each load balancer in the VPC, standing or not.
func (l *look) fronts() []nodes {
	var out []nodes
	at := map[string]int{}
	for _, i := range l.interfaces {
		front := frontOf(i)
		if front == "" {
			continue
		}
		if _, seen := at[front]; !seen {
			at[front] = len(out)
			out = append(out, nodes{front: front, owner: aws.ToString(i.OwnerId), scheme: "internal", groups: l.guards(i)})
		}
		n := &out[at[front]]
		n.subnets = append(n.subnets, l.key(aws.ToString(i.SubnetId)))
		if i.Association != nil {
			n.scheme = "internet-facing"
		}
	}
	return out
}

func (l *look) guards(i types.NetworkInterface) []model.Key {
	out := make([]model.Key, len(i.Groups))
	for n, g := range i.Groups {
		out[n] = l.key(aws.ToString(g.GroupId))
	}
	return out
}

// leaving is the handle of a load balancer of which nothing but the interfaces is left.
func leaving(id string) model.Handle {
	return model.Handle{ID: id, Status: model.Leaving, Reason: "its network interfaces are still there"}
}
