package observe

import (
	"slices"
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
	if l.interfacesAsked {
		return nil
	}
	l.interfacesAsked = true
	var calls []call
	if own := l.inVPC(); own != nil {
		calls = append(calls, l.interfaceCall(own))
	}
	if guards := l.outerGuards(); len(guards) > 0 {
		calls = append(calls, l.interfaceCall([]types.Filter{filter("group-id", guards...)}))
	}
	return calls
}

func (l *look) interfaceCall(filters []types.Filter) call {
	in := &ec2.DescribeNetworkInterfacesInput{Filters: filters}
	return pages(l, l.c.EC2.DescribeNetworkInterfaces, in, func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) bool {
		l.interfaces = append(l.interfaces, out.NetworkInterfaces...)
		return more(out.NextToken, &in.NextToken)
	})
}

// outerGuards are the ids of our security groups in a VPC of others: of all interfaces there, those that use them matter.
func (l *look) outerGuards() []string {
	var out []string
	for _, g := range l.groupsFound {
		if _, ours := l.mine(ec2Tags(g.Tags), model.KindSecurityGroup); ours && !l.inOwnVPC(g.VpcId) {
			out = append(out, aws.ToString(g.GroupId))
		}
	}
	for g := range model.Every[model.SecurityGroup](&l.inv.Set) {
		if id := l.inv.ID(g.Key()); g.VPC.Kind == model.KindForeign && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
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
