package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

func TestBalancerOfAKeyIsTheNameInTheFile(t *testing.T) {
	for k, want := range map[model.Key]string{ // unordered: independent cases
		model.LoadBalancerKey(""):                             "",
		model.TargetGroupKey("back"):                          "back",
		model.ListenerKey("back", 80):                         "back",
		model.ListenerKey("", 80):                             "",
		model.ClassicKey("legacy"):                            "legacy",
		{Kind: model.KindClassic, Name: "legacy#prod-shop-2"}: "legacy",
	} {
		if got := BalancerOf(k); got != want {
			t.Errorf("%s: got %q, want %q", k, got, want)
		}
	}
}

func TestStateOfALoadBalancerIsItsStatus(t *testing.T) {
	for _, c := range []struct {
		code   types.LoadBalancerStateEnum
		reason string
		want   model.Handle
	}{
		{types.LoadBalancerStateEnumActive, "", model.Handle{}},
		{types.LoadBalancerStateEnumProvisioning, "", model.Handle{Status: model.Pending, Reason: "AWS is setting it up"}},
		{types.LoadBalancerStateEnumFailed, "no room", model.Handle{Status: model.Failed, Reason: "no room"}},
		{types.LoadBalancerStateEnumActiveImpaired, "no room", model.Handle{Status: model.Ready, Reason: "no room"}},
	} {
		h := BalancerHandle(types.LoadBalancer{State: &types.LoadBalancerState{Code: c.code, Reason: aws.String(c.reason)}})
		if h != c.want {
			t.Errorf("%s: got %+v, want %+v", c.code, h, c.want)
		}
	}
}

func TestAccessLogsThatAreOffAreNone(t *testing.T) {
	set := func(pairs ...string) (out []types.LoadBalancerAttribute) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, types.LoadBalancerAttribute{Key: aws.String("access_logs.s3." + pairs[i]), Value: aws.String(pairs[i+1])})
		}
		return out
	}
	for _, c := range []struct {
		attributes []types.LoadBalancerAttribute
		want       string
	}{
		{nil, ""},
		{set("enabled", "false", "bucket", "logs", "prefix", "shop"), ""},
		{set("enabled", "true", "bucket", "logs", "prefix", "shop"), "logs/shop"},
		{set("enabled", "true", "bucket", "logs", "prefix", ""), "logs"},
	} {
		if got := AccessLogs(c.attributes); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
