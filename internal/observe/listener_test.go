package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func (l *look) listens(balancer string, port int32, tags model.Tags) {
	arn := aws.String(balancer + "/listener/" + string('a'+port%26))
	l.listeners = append(l.listeners, types.Listener{
		ListenerArn: arn, LoadBalancerArn: aws.String(balancer), Port: aws.Int32(port), Protocol: types.ProtocolEnumHttp,
		DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String("tg-1")}},
	})
	if l.balanceTags == nil {
		l.balanceTags = map[string]model.Tags{}
	}
	l.balanceTags[*arn] = tags
}

func TestListenersOfOurLoadBalancersAreRead(t *testing.T) {
	l := lookFor("")
	l.bind(model.LoadBalancerKey(""), "lb-1")
	l.bind(model.TargetGroupKey(""), "tg-1")
	l.listens("lb-1", 80, l.ours(model.ListenerKey("", 80)))
	l.listens("lb-1", 443, nil)
	l.listens("lb-theirs", 80, nil)
	foldListeners(l)
	got, ok := model.Find[model.Listener](&l.inv.Set, model.ListenerKey("", 80))
	if !ok || got.Protocol != "HTTP" || got.Target != model.TargetGroupKey("") {
		t.Fatalf("listener: %v %+v", ok, got)
	}
	expect(t, "strays", l.strays(), []string{"listener.default/443|lb-1/listener/b|listener on port 443 of load balancer prod-shop"})
	if l.inv.Len() != 2 {
		t.Errorf("inventory: %+v", l.inv.Set)
	}
}

func TestOnlyEncryptedListenersOfOursAreAskedForCertificates(t *testing.T) {
	l := lookFor("")
	l.c, l.balanceAsked = &cloud.Cloud{}, map[string]bool{}
	l.bind(model.LoadBalancerKey(""), "lb-1")
	l.listens("lb-1", 80, nil)
	l.listens("lb-1", 443, nil)
	l.listens("lb-theirs", 443, nil)
	for i := range l.listeners {
		if *l.listeners[i].Port == 443 {
			l.listeners[i].Protocol = types.ProtocolEnumHttps
		}
	}
	if n := len(listenerTagCalls(l)); n != 2 {
		t.Errorf("%d calls, want one for certificates and one for tags", n)
	}
}
