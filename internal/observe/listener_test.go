package observe

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func forwardTo(arns ...string) types.Action {
	a := types.Action{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{}}
	for _, arn := range arns {
		a.ForwardConfig.TargetGroups = append(a.ForwardConfig.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(arn)})
	}
	return a
}

func (l *look) listens(balancer string, port int32, tags model.Tags) {
	arn := aws.String(balancer + "/listener/" + string('a'+port%26))
	l.listeners = append(l.listeners, types.Listener{
		ListenerArn: arn, LoadBalancerArn: aws.String(balancer), Port: aws.Int32(port), Protocol: types.ProtocolEnumHttp,
		DefaultActions: []types.Action{forwardTo("tg-1")},
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

func TestDefaultActionIsATargetGroupOrSomethingForeign(t *testing.T) {
	l := lookFor("")
	l.bind(model.TargetGroupKey(""), "tg-1")
	short := types.Action{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String("tg-1")}
	both := forwardTo("tg-1")
	both.TargetGroupArn = aws.String("tg-1")
	for _, c := range []struct {
		actions []types.Action
		want    model.Key
	}{
		{[]types.Action{short}, model.TargetGroupKey("")},
		{[]types.Action{both}, model.TargetGroupKey("")},
		{[]types.Action{forwardTo("tg-1", "tg-2")}, model.Foreign("tg-1, tg-2")},
		{[]types.Action{forwardTo("tg-2")}, model.Foreign("tg-2")},
		{[]types.Action{{Type: types.ActionTypeEnumRedirect}}, model.Foreign("redirect")},
		{[]types.Action{{Type: types.ActionTypeEnumAuthenticateOidc}, short}, model.Foreign("authenticate-oidc, tg-1")},
	} {
		if got := l.defaultTarget(c.actions); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestARedirectIsReadWholeAndHasNoTarget(t *testing.T) {
	l := lookFor("")
	target, to := l.defaultAction([]types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
		Protocol: aws.String("HTTPS"), Host: aws.String("#{host}"), Port: aws.String("443"), Path: aws.String("/#{path}"),
		Query: aws.String("#{query}"), StatusCode: types.RedirectActionStatusCodeEnumHttp301,
	}}})
	if !target.IsZero() || to != model.ToHTTPS() {
		t.Errorf("%s, %s", target, to)
	}
	if _, to := l.defaultAction([]types.Action{forwardTo("tg-1")}); to != (model.Redirect{}) {
		t.Errorf("a forward is read as %s", to)
	}
}

func TestTheDefaultCertificateIsNoneOfTheFurtherOnes(t *testing.T) {
	l := lookFor("")
	l.certificates = map[string][]string{"listener-1": {"arn:c", "arn:a", "arn:b"}}
	got := l.encryption(types.Listener{
		ListenerArn: aws.String("listener-1"), SslPolicy: aws.String("policy"), Certificates: []types.Certificate{{CertificateArn: aws.String("arn:a")}},
	})
	if got.Certificate != "arn:a" || got.Policy != "policy" || !slices.Equal(got.Further, []string{"arn:b", "arn:c"}) {
		t.Errorf("%+v", got)
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
