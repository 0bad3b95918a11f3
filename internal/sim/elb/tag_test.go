package elb

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestEveryKindOfResourceCarriesTags(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	lb := *s.balancer("web").LoadBalancerArn
	l := *s.listener(lb, 80, g).ListenerArn
	rule := *ok(s, CreateRule, ruleInput(&l, 1, forwardTo(g))).Rules[0].RuleArn
	all := []string{lb, g, l, rule}
	ok(s, AddTags, &elbv2.AddTagsInput{ResourceArns: all, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	ok(s, AddTags, &elbv2.AddTagsInput{ResourceArns: []string{lb}, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("3")}}})
	ok(s, RemoveTags, &elbv2.RemoveTagsInput{ResourceArns: all, TagKeys: []string{"b", "none"}})
	out := ok(s, DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: all}).TagDescriptions
	for i, d := range out {
		want := "1"
		if all[i] == lb {
			want = "3"
		}
		if *d.ResourceArn != all[i] || len(d.Tags) != 1 || *d.Tags[0].Value != want {
			t.Errorf("%s: %+v", all[i], d)
		}
	}
}

func TestTagsOfTheCreatingCallAreThere(t *testing.T) {
	s := newStage(t)
	in := balancerInput("web")
	in.Tags = []types.Tag{{Key: aws.String("z"), Value: aws.String("1")}, {Key: aws.String("a"), Value: aws.String("2")}}
	arn := *ok(s, CreateLoadBalancer, in).LoadBalancers[0].LoadBalancerArn
	tags := ok(s, DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: []string{arn}}).TagDescriptions[0].Tags
	if len(tags) != 2 || *tags[0].Key != "z" || *tags[1].Key != "a" {
		t.Errorf("tags %+v", tags)
	}
}

func TestTagRefusals(t *testing.T) {
	s := newStage(t)
	lb := *s.balancer("web").LoadBalancerArn
	one := []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}
	add := func(arns []string, tags []types.Tag) string {
		return refusal(s, AddTags, &elbv2.AddTagsInput{ResourceArns: arns, Tags: tags})
	}
	isCode(t, add([]string{lb, lb + "0"}, one), "LoadBalancerNotFound")
	isCode(t, add([]string{"web"}, one), "ValidationError")
	isCode(t, add(nil, one), "ValidationError")
	isCode(t, add([]string{lb}, nil), "ValidationError")
	isCode(t, add(slices.Repeat([]string{lb}, 21), one), "ValidationError")
	var many []types.Tag
	for i := range 51 {
		many = append(many, types.Tag{Key: aws.String(fmt.Sprint(i)), Value: aws.String("")})
	}
	isCode(t, add([]string{lb}, many), "TooManyTags")
	ok(s, AddTags, &elbv2.AddTagsInput{ResourceArns: []string{lb}, Tags: many[:50]})
	isCode(t, add([]string{lb}, many[50:]), "TooManyTags")
	isCode(t, refusal(s, DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: slices.Repeat([]string{lb}, 21)}), "ValidationError")
}

func TestClassicLoadBalancersCarryTags(t *testing.T) {
	s := newStage(t)
	in := classicInput("old")
	in.Tags = []types1.Tag{{Key: aws.String("a"), Value: aws.String("1")}}
	ok(s, CreateClassicLoadBalancer, in)
	names := []string{"old"}
	ok(s, AddClassicTags, &elbv1.AddTagsInput{LoadBalancerNames: names, Tags: []types1.Tag{{Key: aws.String("b"), Value: aws.String("2")}}})
	ok(s, RemoveClassicTags, &elbv1.RemoveTagsInput{LoadBalancerNames: names, Tags: []types1.TagKeyOnly{{Key: aws.String("a")}}})
	got := ok(s, DescribeClassicTags, &elbv1.DescribeTagsInput{LoadBalancerNames: names}).TagDescriptions
	if len(got) != 1 || *got[0].LoadBalancerName != "old" || len(got[0].Tags) != 1 || *got[0].Tags[0].Key != "b" {
		t.Errorf("tags %+v", got)
	}
	isCode(t, refusal(s, DescribeClassicTags, &elbv1.DescribeTagsInput{LoadBalancerNames: []string{"none"}}), "LoadBalancerNotFound")
}

func TestAccountLimitsFollowTheQuotas(t *testing.T) {
	s := newStage(t)
	s.Region.Quotas = map[string]int{"L-53DA6B97": 70, "L-E9E9831D": 33}
	found := map[string]string{}
	for _, l := range ok(s, DescribeAccountLimits, &elbv2.DescribeAccountLimitsInput{}).Limits {
		found[*l.Name] = *l.Max
	}
	for _, l := range ok(s, DescribeClassicAccountLimits, &elbv1.DescribeAccountLimitsInput{}).Limits {
		found[*l.Name] = *l.Max
	}
	// unordered: nothing is changed
	for name, want := range map[string]string{
		"application-load-balancers": "70", "classic-load-balancers": "33", "target-groups": "3000",
		"listeners-per-application-load-balancer": "50", "rules-per-application-load-balancer": "100", "classic-registered-instances": "1000",
	} {
		if found[name] != want {
			t.Errorf("%s is %q, want %s", name, found[name], want)
		}
	}
}
