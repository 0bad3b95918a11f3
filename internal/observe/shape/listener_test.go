package shape

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

func forwardTo(arns ...string) types.Action {
	a := types.Action{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{}}
	for _, arn := range arns {
		a.ForwardConfig.TargetGroups = append(a.ForwardConfig.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(arn)})
	}
	return a
}

func TestDefaultActionIsATargetGroupOrSomethingForeign(t *testing.T) {
	key := keys(map[string]model.Key{"tg-1": model.TargetGroupKey("")})
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
		if got := defaultTarget(key, c.actions); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestARedirectIsReadWholeAndHasNoTarget(t *testing.T) {
	key := keys(nil)
	target, to := DefaultAction(key, []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
		Protocol: aws.String("HTTPS"), Host: aws.String("#{host}"), Port: aws.String("443"), Path: aws.String("/#{path}"),
		Query: aws.String("#{query}"), StatusCode: types.RedirectActionStatusCodeEnumHttp301,
	}}})
	if !target.IsZero() || to != model.ToHTTPS() {
		t.Errorf("%s, %s", target, to)
	}
	if _, to := DefaultAction(key, []types.Action{forwardTo("tg-1")}); to != (model.Redirect{}) {
		t.Errorf("a forward is read as %s", to)
	}
}

func TestTheDefaultCertificateIsNoneOfTheFurtherOnes(t *testing.T) {
	got := Encryption(types.Listener{
		ListenerArn: aws.String("listener-1"), SslPolicy: aws.String("policy"), Certificates: []types.Certificate{{CertificateArn: aws.String("arn:a")}},
	}, []string{"arn:c", "arn:a", "arn:b"})
	if got.Certificate != "arn:a" || got.Policy != "policy" || !slices.Equal(got.Further, []string{"arn:b", "arn:c"}) {
		t.Errorf("%+v", got)
	}
}
