package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
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
	return fetch.Pages(l, l.c.EC2.DescribeNetworkInterfaces, in, func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) bool {
		l.interfaces = append(l.interfaces, out.NetworkInterfaces...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// outerGuards are the ids of our security groups in a VPC of others: of all interfaces there, those that use them matter.
func (l *look) outerGuards() []string {
	var out []string
	for _, g := range l.groupsFound {
		if _, ours := l.mine(shape.EC2Tags(g.Tags), model.KindSecurityGroup); ours && !l.inOwnVPC(g.VpcId) {
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
