package apply_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

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
