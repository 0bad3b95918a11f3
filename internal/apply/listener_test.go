package apply_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestListenerIsMendedWhereItWasChangedBehindOurBack(t *testing.T) {
	b := newBalancing(t)
	k := model.ListenerKey("", 80)
	b.mends(k, func() {
		called(b, b.cloud.Balance.ModifyListener, &elbv2.ModifyListenerInput{
			ListenerArn: aws.String(b.id(k)), DefaultActions: []types.Action{{
				Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("503")},
			}},
		})
	}, "default_target")
	b.mends(k, func() {
		called(b, b.cloud.Balance.AddTags, &elbv2.AddTagsInput{
			ResourceArns: []string{b.id(k)}, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("other")}},
		})
	}, "tags.team")
}

func TestListenerMovedToAnotherPortIsMadeAnew(t *testing.T) {
	b := newBalancing(t)
	called(b, b.cloud.Balance.ModifyListener, &elbv2.ModifyListenerInput{
		ListenerArn: aws.String(b.id(model.ListenerKey("", 80))), Port: aws.Int32(8080),
	})
	b.forget()
	b.look()
	if b.have.Has(model.ListenerKey("", 80)) || !b.have.Has(model.ListenerKey("", 8080)) {
		t.Fatal("a listener is not known by its port")
	}
	b.settle()
	if b.have.Has(model.ListenerKey("", 8080)) {
		t.Fatal("the moved one stays")
	}
}

func TestListenerOfSomebodyElseStaysOpen(t *testing.T) {
	b := newBalancing(t)
	called(b, b.cloud.Balance.CreateListener, &elbv2.CreateListenerInput{
		LoadBalancerArn: aws.String(b.id(model.LoadBalancerKey(""))), Port: aws.Int32(8080), Protocol: types.ProtocolEnumHttp,
		DefaultActions: []types.Action{{
			Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("200")},
		}},
	})
	b.settle()
	out := called(b, b.cloud.Balance.DescribeListeners, &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(b.id(model.LoadBalancerKey("")))})
	if len(out.Listeners) != 2 {
		t.Fatalf("%d listeners, want ours and theirs", len(out.Listeners))
	}
}

func TestListenersAreSeenWithoutLookingAtTheirLoadBalancers(t *testing.T) {
	b := newBalancing(t)
	_, err := b.do(plan.Delete, model.ListenerKey("back", 80))
	b.must(err)
	b.look(model.KindListener)
	if b.have.Has(model.ListenerKey("back", 80)) || !b.have.Has(model.ListenerKey("", 80)) {
		t.Fatal("one listener was deleted, the other was not")
	}
	if drift := b.differs(model.ListenerKey("", 80)); len(drift) > 0 {
		t.Fatalf("the other one differs: %q", drift)
	}
}

// certified gives the default load balancer certificates by their numbers, the default one first.
func (b *balancing) certified(numbers ...string) {
	tls := config.TLS{Policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", Redirect: true}
	for _, n := range numbers {
		tls.Certificates = append(tls.Certificates, "arn:aws:acm:eu-west-1:123456789012:certificate/"+n)
	}
	b.file.LoadBalancers[0].TLS = tls
}

// serves are the numbers of the certificates that a listener has, the default one first, and once more if it is in the
// list of the others too.
func (b *balancing) serves() []string {
	b.t.Helper()
	var out []string
	arn := aws.String(b.id(model.ListenerKey("", 443)))
	for _, c := range called(b, b.cloud.Balance.DescribeListenerCertificates, &elbv2.DescribeListenerCertificatesInput{ListenerArn: arn}).Certificates {
		out = append(out, (*c.CertificateArn)[len("arn:aws:acm:eu-west-1:123456789012:certificate/"):])
	}
	return out
}

// Each step is carried out by runs that die after more and more requests, until one comes through. However it dies, no
// name that stays is left without its certificate.
func TestCertificatesAreExchangedWhileEveryNameIsServed(t *testing.T) {
	for requests := 0; ; requests++ {
		b := newBalancing(t)
		b.certified("a", "b", "c")
		b.settle()
		cut := false
		before := []string{"a", "b", "c"}
		for _, step := range [][]string{{"b", "a", "c"}, {"a"}, {"c", "a", "b"}, {"d"}, {"b", "d"}, {"a", "b", "c"}} {
			b.certified(step...)
			b.look()
			cut = b.dies(b.plan().Changes, requests) || cut
			for _, name := range step {
				if serves := b.serves(); slices.Contains(before, name) && !slices.Contains(serves, name) {
					t.Errorf("from %s to %s, dead after %d requests: only %s are served", before, step, requests, serves)
				}
			}
			b.next()
			got := b.serves()
			if got[0] != step[0] {
				t.Errorf("the default certificate is %s, want %s", got[0], step[0])
			}
			if slices.Sort(got); !slices.Equal(slices.Compact(got), slices.Sorted(slices.Values(step))) {
				t.Errorf("%s are served, want %s", got, step)
			}
			before = step
		}
		if !cut {
			return
		}
	}
}

func TestAClassicListenerIsEncryptedAsTheFileSays(t *testing.T) {
	b := newBalancing(t)
	k := model.ClassicKey("legacy")
	const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/"
	for _, tls := range []config.TLS{
		{Certificates: []string{arn + "a"}, Policy: "ELBSecurityPolicy-TLS-1-2-2017-01"},
		{Certificates: []string{arn + "b"}, Policy: "ELBSecurityPolicy-TLS-1-2-2017-01"},
		{Certificates: []string{arn + "b"}, Policy: "ELBSecurityPolicy-TLS-1-1-2017-01"},
		{Certificates: []string{arn + "a"}, Policy: "ELBSecurityPolicy-TLS-1-2-2017-01"},
		{},
	} {
		b.file.LoadBalancers[2].TLS = tls
		b.settle()
		got, _ := model.Find[model.ClassicLoadBalancer](&b.have.Set, k)
		if tls.On() != (got.TLS.Port == 443) || got.TLS.Policy != tls.Policy || got.Port != 80 {
			t.Errorf("%+v", got)
		}
	}
}
