package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// elbTagAnswers are the tags of load balancers, target groups and listeners, which their listings leave out. What was
// asked for and has no entry went while we looked.
type elbTagAnswers struct {
	balanceTags  map[string]model.Tags // by ARN
	balanceAsked map[string]bool
	classicTags  map[string]model.Tags // by name
}

// tagBatch is how many resources DescribeTags takes at once (ELB API reference, DescribeTags).
const tagBatch = 20

// balanceTagCalls asks for the tags of those that nobody has asked for yet.
func (l *look) balanceTagCalls(arns []string) []call {
	if l.balanceTags == nil {
		l.balanceTags, l.balanceAsked = map[string]model.Tags{}, map[string]bool{}
	}
	fresh := slices.DeleteFunc(slices.Clone(arns), func(arn string) bool { return l.balanceAsked[arn] })
	for _, arn := range fresh {
		l.balanceAsked[arn] = true
	}
	return fetch.Batches(fresh, tagBatch, func(some []string) call {
		in := &elbv2.DescribeTagsInput{ResourceArns: some}
		return fetch.Get(l, l.c.Balance.DescribeTags, in, func(out *elbv2.DescribeTagsOutput) {
			for _, d := range out.TagDescriptions {
				l.balanceTags[aws.ToString(d.ResourceArn)] = shape.BalanceTags(d.Tags)
			}
		})
	})
}

func (l *look) classicTagCalls(names []string) []call {
	l.classicTags = map[string]model.Tags{}
	return fetch.Batches(names, tagBatch, func(some []string) call {
		in := &elbv1.DescribeTagsInput{LoadBalancerNames: some}
		return fetch.Get(l, l.c.Classic.DescribeTags, in, func(out *elbv1.DescribeTagsOutput) {
			for _, d := range out.TagDescriptions {
				l.classicTags[aws.ToString(d.LoadBalancerName)] = shape.ClassicTags(d.Tags)
			}
		})
	})
}

// balancerCalled is the load balancer of the file that has this name on AWS.
func (l *look) balancerCalled(name string) (string, bool) {
	for _, b := range l.ask.Balancers {
		if l.scope.BalancerName(b) == name {
			return b, true
		}
	}
	return "", false
}

// namesake tells whether a name on AWS may be that of a load balancer or target group of ours, also of one that the file
// does not name any more: whose it is its tags tell. AWS takes 32 characters, and a longer name ends in nine of a hash.
func (l *look) namesake(name string) bool {
	const kept = 32 - 9
	ours := l.scope.Environment + "-" + l.scope.Cluster
	return strings.HasPrefix(name, ours[:min(len(ours), kept)])
}

// strayBalancer notes a load balancer of others that has a name of ours or stands in the cluster's own VPC.
func (l *look) strayBalancer(k model.Key, id, what string, vpc *string) {
	if !k.IsZero() || l.inOwnVPC(vpc) {
		l.stray(k, id, what)
	}
}

// balancerOnce also knows load balancers that the file does not name any more; one whose name was cut to AWS's limit is
// called by what is left of it.
func (l *look) balancerOnce(name string) (string, bool) {
	if b, ok := l.balancerCalled(name); ok {
		return b, true
	}
	rest, ours := strings.CutPrefix(name, l.scope.BalancerName(""))
	b := strings.TrimPrefix(rest, "-")
	return b, ours && l.scope.BalancerName(b) == name
}
