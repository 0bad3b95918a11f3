package shape

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Nodes are the interfaces of one load balancer. They outlive it by up to a minute and hold on to their subnets, their
// security groups and the internet gateway for as long.
type Nodes struct {
	Front   string // how their description names the load balancer, "app/NAME/ID" or "NAME"
	Owner   string // the account
	Scheme  string
	Subnets []model.Key
	Groups  []model.Key
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

// Fronts gathers the interfaces of each load balancer in the VPC, standing or not.
func Fronts(key Keys, interfaces []types.NetworkInterface) []Nodes {
	var out []Nodes
	at := map[string]int{}
	for _, i := range interfaces {
		front := frontOf(i)
		if front == "" {
			continue
		}
		if _, seen := at[front]; !seen {
			at[front] = len(out)
			out = append(out, Nodes{Front: front, Owner: aws.ToString(i.OwnerId), Scheme: "internal", Groups: guards(key, i)})
		}
		n := &out[at[front]]
		n.Subnets = append(n.Subnets, key(aws.ToString(i.SubnetId)))
		if i.Association != nil {
			n.Scheme = "internet-facing"
		}
	}
	return out
}

func guards(key Keys, i types.NetworkInterface) []model.Key {
	out := make([]model.Key, len(i.Groups))
	for n, g := range i.Groups {
		out[n] = key(aws.ToString(g.GroupId))
	}
	return out
}

// Leaving is the handle of a load balancer of which nothing but the interfaces is left.
func Leaving(id string) model.Handle {
	return model.Handle{ID: id, Status: model.Leaving, Reason: "its network interfaces are still there"}
}
