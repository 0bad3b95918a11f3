package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

// Encryption is a listener's, with its further certificates; zero for a listener without.
func Encryption(x types.Listener, further []string) model.Encryption {
	e := model.Encryption{Policy: aws.ToString(x.SslPolicy)}
	for _, c := range x.Certificates {
		e.Certificate = aws.ToString(c.CertificateArn)
	}
	e.Further = slices.DeleteFunc(slices.Sorted(slices.Values(further)), func(arn string) bool {
		return arn == e.Certificate
	})
	return e
}

// DefaultAction is where requests go that no rule claims: to a target group, or elsewhere altogether.
func DefaultAction(key Keys, actions []types.Action) (model.Key, model.Redirect) {
	if len(actions) == 1 && actions[0].RedirectConfig != nil {
		c := actions[0].RedirectConfig
		return model.Key{}, model.Redirect{
			Protocol: aws.ToString(c.Protocol), Host: aws.ToString(c.Host), Port: aws.ToString(c.Port), Path: aws.ToString(c.Path),
			Query: aws.ToString(c.Query), Status: string(c.StatusCode),
		}
	}
	return defaultTarget(key, actions), model.Redirect{}
}

// defaultTarget is the one target group that gets all requests. Anything else that a listener may do by default is
// named as something foreign, so that it shows as drift.
func defaultTarget(key Keys, actions []types.Action) model.Key {
	var does []string
	for _, a := range actions {
		if a.Type != types.ActionTypeEnumForward {
			does = append(does, string(a.Type))
			continue
		}
		does = append(does, forwardsTo(a)...)
	}
	if len(does) == 1 {
		return key(does[0])
	}
	return model.Foreign(strings.Join(does, ", "))
}

// forwardsTo lists the target groups of an action, which AWS tells once or twice.
func forwardsTo(a types.Action) []string {
	if a.ForwardConfig == nil || len(a.ForwardConfig.TargetGroups) == 0 {
		return []string{aws.ToString(a.TargetGroupArn)}
	}
	var arns []string
	for _, g := range a.ForwardConfig.TargetGroups {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	return arns
}
