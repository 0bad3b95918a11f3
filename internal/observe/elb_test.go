package observe

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

const ourVPC = "vpc-1"

// lookFor is a look of the cluster shop in prod that knows the VPC, a subnet and a security group, and whose file has
// these load balancers.
func lookFor(balancers ...string) *look {
	l := &look{ask: Question{Balancers: balancers}, keys: map[string]model.Key{}}
	l.scope = model.Scope{Account: "123456789012", Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	l.inv.Add(model.VPC{}, model.Handle{ID: ourVPC})
	l.bind(model.SubnetKey(model.Public, "a"), "subnet-a")
	l.bind(model.SubnetKey(model.Public, "b"), "subnet-b")
	l.bind(model.BalancerGroupKey(""), "sg-1")
	return l
}

// ours are the tags that berth gives to a resource of that key.
func (l *look) ours(k model.Key) model.Tags { return l.scope.Tags(k) }

// strays are the strays as text.
func (l *look) strays() []string {
	var out []string
	for _, s := range l.inv.Strays {
		out = append(out, fmt.Sprintf("%s|%s|%s", s.Key, s.ID, s.What))
	}
	return out
}

func expect[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func node(description, id, subnet string) ec2types.NetworkInterface {
	return ec2types.NetworkInterface{
		NetworkInterfaceId: aws.String(id), Description: aws.String(description), RequesterManaged: aws.Bool(true),
		OwnerId: aws.String("123456789012"), SubnetId: aws.String(subnet), Groups: []ec2types.GroupIdentifier{{GroupId: aws.String("sg-1")}},
	}
}

func TestBalancerIsKnownByItsName(t *testing.T) {
	l := lookFor("", "a-name-that-is-much-too-long-for-aws")
	for _, c := range []struct {
		name     string
		balancer string
		called   bool // by the file
		once     bool
	}{
		{"prod-shop", "", true, true},
		{l.scope.BalancerName("a-name-that-is-much-too-long-for-aws"), "a-name-that-is-much-too-long-for-aws", true, true},
		{"prod-shop-old", "old", false, true},
		{"prod-shopping", "", false, false},
		{"prod-shop-", "", false, false},
		{"prod", "", false, false},
		{l.scope.BalancerName("another-name-that-is-too-long-for-aws"), "another-name--c0d448ab", false, true},
	} {
		if b, ok := l.balancerCalled(c.name); ok != c.called || ok && b != c.balancer {
			t.Errorf("the file's load balancer called %s: %q %v", c.name, b, ok)
		}
		if b, ok := l.balancerOnce(c.name); ok != c.once || ok && b != c.balancer {
			t.Errorf("load balancer once called %s: %q %v", c.name, b, ok)
		}
	}
}
