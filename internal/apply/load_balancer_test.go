package apply_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/apply"
	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/plan"
)

func (b *balancing) setBalancer(k model.Key, name, value string) {
	called(b, b.cloud.Balance.ModifyLoadBalancerAttributes, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: aws.String(b.id(k)), Attributes: []types.LoadBalancerAttribute{{Key: aws.String(name), Value: aws.String(value)}},
	})
}

func TestNewLoadBalancerIsPendingUntilAWSHasSetItUp(t *testing.T) {
	b := emptyBalancing(t)
	k := model.LoadBalancerKey("")
	b.look()
	p := b.plan()
	b.carryOut(plan.Plan{Changes: before(p, model.KindLoadBalancer)})
	h, err := b.do(plan.Create, k)
	b.must(err)
	if h.Status != model.Pending || h.ARN == "" || h.ID != h.ARN || h.Address == "" {
		t.Fatalf("handle of a new load balancer: %+v", h)
	}
	b.look(model.KindLoadBalancer)
	if h := b.have.Handle(k); h.Status != model.Pending || h.Reason == "" {
		t.Fatalf("seen right after: %+v", h)
	}
	if drift := b.differs(k); len(drift) > 0 {
		t.Fatalf("the create call leaves undone: %q", drift)
	}
	b.must(b.sim.Sleep(t.Context(), 4*time.Minute))
	b.look(model.KindLoadBalancer)
	if h := b.have.Handle(k); h.Status != model.Ready {
		t.Fatalf("after four minutes: %+v", h)
	}
}

// before are the changes of a plan that make what a kind stands on.
func before(p plan.Plan, kind model.Kind) []plan.Change {
	var out []plan.Change
	for _, c := range p.Changes {
		switch c.Key.Kind {
		case kind, model.KindTargetGroup, model.KindListener, model.KindClassic:
		default:
			out = append(out, c)
		}
	}
	return out
}

func TestLoadBalancerIsMendedWhereItWasChangedBehindOurBack(t *testing.T) {
	b := newBalancing(t)
	k := model.LoadBalancerKey("back")
	for _, s := range []struct{ name, value string }{
		{"deletion_protection.enabled", "false"},
		{"idle_timeout.timeout_seconds", "30"},
		{"routing.http.desync_mitigation_mode", "strictest"},
		{"routing.http.drop_invalid_header_fields.enabled", "false"},
		{"routing.http2.enabled", "false"},
	} {
		b.mends(k, func() { b.setBalancer(k, s.name, s.value) }, s.name)
	}
	b.mends(k, func() {
		called(b, b.cloud.Balance.SetSecurityGroups, &elbv2.SetSecurityGroupsInput{
			LoadBalancerArn: aws.String(b.id(k)), SecurityGroups: []string{b.id(model.BalancerGroupKey("legacy"))},
		})
	}, "security_groups")
	b.mends(k, func() {
		called(b, b.cloud.Balance.SetSubnets, &elbv2.SetSubnetsInput{
			LoadBalancerArn: aws.String(b.id(k)),
			Subnets:         []string{b.id(model.SubnetKey(model.Private, "eu-west-1a")), b.id(model.SubnetKey(model.Public, "eu-west-1b"))},
		})
	}, "subnets")
	b.mends(k, func() {
		called(b, b.cloud.Balance.AddTags, &elbv2.AddTagsInput{
			ResourceArns: []string{b.id(k)}, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("other")}},
		})
	}, "tags.team")
}

// Whatever one tag is taken away, a look still finds the resource and misses just that tag.
func TestLoadBalancingSurvivesTheLossOfOneTag(t *testing.T) {
	b := newBalancing(t)
	for _, k := range []model.Key{
		model.LoadBalancerKey(""), model.LoadBalancerKey("back"), model.TargetGroupKey(""), model.TargetGroupKey("back"),
		model.ListenerKey("back", 80),
	} {
		for _, tag := range []string{model.TagKey, model.TagEnvironment, model.TagCluster, "team"} {
			b.mends(k, func() {
				called(b, b.cloud.Balance.RemoveTags, &elbv2.RemoveTagsInput{ResourceArns: []string{b.id(k)}, TagKeys: []string{tag}})
			}, "tags."+tag)
		}
	}
}

func TestTagsOfOthersAreLeftAlone(t *testing.T) {
	b := newBalancing(t)
	arn := b.id(model.LoadBalancerKey(""))
	called(b, b.cloud.Balance.AddTags, &elbv2.AddTagsInput{
		ResourceArns: []string{arn}, Tags: []types.Tag{{Key: aws.String("cost"), Value: aws.String("42")}},
	})
	b.mends(model.LoadBalancerKey(""), func() {
		called(b, b.cloud.Balance.RemoveTags, &elbv2.RemoveTagsInput{ResourceArns: []string{arn}, TagKeys: []string{"team"}})
	}, "tags.team")
	out := called(b, b.cloud.Balance.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: []string{arn}})
	if tags := out.TagDescriptions[0].Tags; !has(tags, "cost") {
		t.Fatalf("the tag of somebody else is gone: %v", tags)
	}
}

func TestTagThatTheFileDropsIsTakenAway(t *testing.T) {
	b := newBalancing(t)
	b.file.Tags = nil
	b.settle()
	for _, k := range []model.Key{model.LoadBalancerKey("back"), model.TargetGroupKey("back"), model.ListenerKey("back", 80)} {
		out := called(b, b.cloud.Balance.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: []string{b.id(k)}})
		if tags := out.TagDescriptions[0].Tags; has(tags, "team") || !has(tags, model.TagKey) {
			t.Errorf("tags of %s: %v", k, tags)
		}
	}
	out := called(b, b.cloud.Classic.DescribeTags, &elbv1.DescribeTagsInput{LoadBalancerNames: []string{legacy}})
	if tags := out.TagDescriptions[0].Tags; len(tags) != 3 {
		t.Errorf("tags of the classic one: %v", tags)
	}
}

func has(tags []types.Tag, key string) bool {
	for _, tag := range tags {
		if aws.ToString(tag.Key) == key {
			return true
		}
	}
	return false
}

func TestDeletedLoadBalancerIsLeavingUntilItsInterfacesAreGone(t *testing.T) {
	b := newBalancing(t)
	k, subnet := model.LoadBalancerKey("back"), model.SubnetKey(model.Private, "eu-west-1a")
	h, err := b.do(plan.Delete, k)
	b.must(err)
	if h.Status != model.Leaving {
		t.Fatalf("the deletion answers %+v", h)
	}
	stood := b.id(k)
	b.look(model.KindLoadBalancer)
	left, _ := model.Find[model.LoadBalancer](&b.have.Set, k)
	if h := b.have.Handle(k); h.Status != model.Leaving || h.Reason != "its network interfaces are still there" || h.ARN != stood {
		t.Fatalf("seen right after: %+v, want the ARN %s", h, stood)
	}
	if len(left.Subnets) != 2 || len(left.Groups) != 1 || left.Groups[0] != model.BalancerGroupKey("back") || left.Scheme != "internal" {
		t.Fatalf("what still holds on to subnets and groups: %+v", left)
	}
	if _, err := b.do(plan.Delete, subnet); !cloud.Busy(err) {
		t.Fatalf("its subnet can go at once: %v", err)
	}

	known := b.have
	b.forget() // a new run knows the name from the file alone
	b.look()
	if h := b.have.Handle(k); h.Status != model.Leaving {
		t.Fatalf("seen by a new run: %+v", h)
	}
	b.have = known
	b.must(b.sim.Sleep(t.Context(), 3*time.Minute))
	b.look(model.KindLoadBalancer)
	if b.have.Has(k) {
		t.Fatalf("after three minutes: %+v", b.have.Handle(k))
	}
	if _, err := b.do(plan.Delete, subnet); err != nil {
		t.Fatalf("its subnet stays busy: %v", err)
	}
}

func TestDeletingALoadBalancerTwiceSucceeds(t *testing.T) {
	b := newBalancing(t)
	for range 2 {
		h, err := b.do(plan.Delete, model.LoadBalancerKey("back"))
		b.must(err)
		if h.Status != model.Leaving {
			t.Fatalf("the deletion answers %+v", h)
		}
	}
}

func TestLoadBalancerDeletedByHandIsMadeAgainOnceItsInterfacesAreGone(t *testing.T) {
	b := newBalancing(t)
	k := model.LoadBalancerKey("")
	b.setBalancer(k, "deletion_protection.enabled", "false")
	called(b, b.cloud.Balance.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: aws.String(b.id(k))})
	b.forget()
	b.look()
	p := b.plan()
	if c, ok := p.Find(plan.Step{Verb: plan.Delete, Key: k}); !ok || !c.Replaces {
		t.Fatalf("the plan does not wait for the old one: %+v", p.Changes)
	}
	b.settle()
}

func TestNamesTakenBySomebodyElseStopThePlan(t *testing.T) {
	b := newBalancing(t)
	taken := []model.Key{model.LoadBalancerKey("back"), model.TargetGroupKey("back")}
	for _, k := range taken {
		called(b, b.cloud.Balance.RemoveTags, &elbv2.RemoveTagsInput{
			ResourceArns: []string{b.id(k)}, TagKeys: []string{model.TagKey, model.TagEnvironment, model.TagCluster},
		})
	}
	have, _, err := observe.All(t.Context(), b.cloud, b.ask())
	b.must(err)
	_, err = plan.Make(b.want(), have)
	conflict, ok := errors.AsType[*plan.Conflict](err)
	if !ok {
		t.Fatalf("the plan is made all the same: %v", err)
	}
	var keys []model.Key
	for _, s := range conflict.Strays {
		keys = append(keys, s.Key)
	}
	if !slices.Equal(keys, taken) {
		t.Errorf("in the way: %v", conflict.Strays)
	}
}

// A look asks for what it needs and no more, however many zones there are: the load balancers alone, each once.
func TestLookAtOneKindMakesFewCalls(t *testing.T) {
	b := newBalancing(t)
	for _, c := range []struct {
		kinds []model.Kind
		want  []string
	}{
		{[]model.Kind{model.KindLoadBalancer}, []string{
			"DescribeLoadBalancers", "DescribeNetworkInterfaces", "DescribeTags", "DescribeLoadBalancerAttributes", "DescribeLoadBalancerAttributes",
		}},
		{[]model.Kind{model.KindTargetGroup}, []string{
			"DescribeTargetGroups", "DescribeTags", "DescribeTargetGroupAttributes", "DescribeTargetGroupAttributes",
		}},
		{[]model.Kind{model.KindListener}, []string{"DescribeListeners", "DescribeListeners", "DescribeTags"}},
		{[]model.Kind{model.KindLoadBalancer, model.KindClassic}, []string{
			"DescribeLoadBalancers", "DescribeLoadBalancers",
			"DescribeNetworkInterfaces", "DescribeTags", "DescribeLoadBalancerAttributes", "DescribeLoadBalancerAttributes",
			"DescribeTags", "DescribeLoadBalancerAttributes",
		}},
		{[]model.Kind{model.KindLoadBalancer, model.KindTargetGroup}, []string{
			"DescribeLoadBalancers", "DescribeTargetGroups",
			"DescribeNetworkInterfaces", "DescribeTags", "DescribeLoadBalancerAttributes", "DescribeLoadBalancerAttributes",
			"DescribeTargetGroupAttributes", "DescribeTargetGroupAttributes",
		}},
	} {
		trace := b.sim.Record()
		b.look(c.kinds...)
		var calls []string
		for _, e := range trace.Entries {
			calls = append(calls, e.Name[strings.LastIndexByte(e.Name, '.')+1:])
		}
		if !slices.Equal(calls, c.want) {
			t.Errorf("%v:\n got %q\nwant %q", c.kinds, calls, c.want)
		}
		for r := range b.have.All() {
			if drift := b.differs(r.Key()); len(drift) > 0 {
				t.Errorf("looking at %v: %s differs: %q", c.kinds, r.Key(), drift)
			}
		}
	}
}

// dies carries out changes one after the other until the wire is cut, and tells whether it was.
func (b *balancing) dies(changes []plan.Change, requests int) bool {
	b.wire.whole, b.wire.left = false, requests
	defer func() { b.wire.whole = true }()
	for _, c := range changes {
		h, err := apply.Writer{Cloud: b.cloud, Scope: b.scope()}.Do(b.t.Context(), c, b.have, 1)
		if err != nil {
			return true
		}
		if c.To != nil {
			b.have.Add(c.To, h)
		}
	}
	return false
}

// next is a run after one that died: it knows nothing, and AWS has had the time to settle.
func (b *balancing) next() {
	b.t.Helper()
	b.forget()
	b.must(b.sim.Sleep(b.t.Context(), 5*time.Minute))
	b.settle()
}

func TestRunThatDiesBetweenTwoCallsIsFinishedByTheNext(t *testing.T) {
	for requests := 0; ; requests++ {
		b := emptyBalancing(t)
		b.look()
		b.carryOut(plan.Plan{Changes: before(b.plan(), model.KindLoadBalancer)})
		b.look()
		made := b.plan().Changes
		if len(made) != 7 {
			t.Fatalf("%d changes, want two load balancers, target groups and listeners, and a classic one", len(made))
		}
		cut := b.dies(made, requests)
		b.next()

		b.file.LoadBalancers = b.file.LoadBalancers[:1]
		gone := slices.DeleteFunc(b.plan().Changes, func(c plan.Change) bool { return c.Verb != plan.Delete || c.Key.Kind == model.KindSecurityGroup })
		cut = b.dies(gone, requests) || cut
		b.next()
		if !cut {
			if requests < 12 {
				t.Fatalf("all is done with %d requests", requests)
			}
			return
		}
	}
}

func TestLoadBalancersThatTheFileDropsGoWithAllTheyHave(t *testing.T) {
	b := newBalancing(t)
	b.file.LoadBalancers = b.file.LoadBalancers[:1]
	b.settle()
	for _, k := range []model.Key{model.LoadBalancerKey("back"), model.ClassicKey("legacy"), model.BalancerGroupKey("back"), model.BalancerGroupKey("legacy")} {
		if b.have.Has(k) {
			t.Errorf("%s is still there", k)
		}
	}
	interfaces := called(b, b.cloud.EC2.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{})
	if n := len(interfaces.NetworkInterfaces); n != 2 {
		t.Errorf("%d network interfaces are left, want those of the default load balancer", n)
	}
}
