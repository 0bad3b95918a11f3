package sns

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/sim/world"
)

// setOne sets an attribute of a subscription.
func setOne(s *world.Subscription, name, value string) error {
	switch name {
	case "RawMessageDelivery":
		raw, err := strconv.ParseBool(value)
		if err != nil || strings.HasPrefix(s.Protocol, "email") && raw {
			return invalid("Attributes Reason: RawMessageDelivery: Invalid value [%s]. Must be true or false, and e-mail is never raw.", value)
		}
		s.Raw = raw
	case "RedrivePolicy":
		var p struct {
			Target string `json:"deadLetterTargetArn"`
		}
		if value != "" && (json.Unmarshal([]byte(value), &p) != nil || !strings.HasPrefix(p.Target, "arn:aws:sqs:")) {
			return invalid("Attributes Reason: RedrivePolicy: deadLetterTargetArn must be the ARN of a queue")
		}
		s.DeadLetter = p.Target
	case "FilterPolicy", "FilterPolicyScope", "DeliveryPolicy", "ReplayPolicy", "SubscriptionRoleArn":
		if value != "" && value != "{}" {
			return invalid("AttributeName Reason: %s is not simulated", name)
		}
	default:
		return invalid("AttributeName")
	}
	return nil
}

// GetSubscriptionAttributes tells all attributes of a subscription.
func GetSubscriptionAttributes(c *world.Call, in *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error) {
	s, err := findSubscription(c.Region, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	out := map[string]string{
		"SubscriptionArn": s.ARN, "TopicArn": s.Topic, "Owner": world.Account, "Protocol": s.Protocol, "Endpoint": s.Endpoint,
		"PendingConfirmation": strconv.FormatBool(!s.Confirmed), "ConfirmationWasAuthenticated": strconv.FormatBool(s.Authenticated),
		"RawMessageDelivery": strconv.FormatBool(s.Raw), "SubscriptionPrincipal": "arn:aws:iam::" + world.Account + ":root",
	}
	if s.DeadLetter != "" {
		out["RedrivePolicy"] = `{"deadLetterTargetArn":"` + s.DeadLetter + `"}`
	}
	return &sns.GetSubscriptionAttributesOutput{Attributes: out}, nil
}

// SetSubscriptionAttributes sets one attribute of a subscription.
func SetSubscriptionAttributes(c *world.Call, in *sns.SetSubscriptionAttributesInput) (*sns.SetSubscriptionAttributesOutput, error) {
	s, err := findSubscription(c.Region, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return &sns.SetSubscriptionAttributesOutput{}, setOne(s, aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue))
}
