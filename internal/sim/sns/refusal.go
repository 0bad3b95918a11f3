package sns

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// principal is SNS itself, as policies name it.
const principal = "sns.amazonaws.com"

// invalid is the refusal of anything that a caller got wrong.
func invalid(format string, a ...any) *wire.Error {
	return wire.Errorf("InvalidParameter", "Invalid parameter: "+format, a...)
}

func notFound(what string) *wire.Error {
	return wire.Errorf("NotFound", "%s does not exist", what).WithStatus(404)
}

// locked is the refusal of a message whose key cannot be used; nil for "".
func locked(why, key string) error {
	switch why {
	case "":
		return nil
	case kms.Missing:
		return wire.Errorf("KMSNotFound", "Key '%s' does not exist", key)
	case kms.Disabled:
		return wire.Errorf("KMSDisabled", "%s is disabled.", key)
	case kms.Dying:
		return wire.Errorf("KMSInvalidState", "%s is pending deletion.", key)
	}
	return wire.Errorf("KMSAccessDenied", "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")
}

// find finds the topic that a call names by ARN.
func find(c *world.Call, arn *string) (*world.Topic, error) {
	if strings.Count(aws.ToString(arn), ":") != 5 || !strings.HasPrefix(*arn, "arn:aws:sns:") {
		return nil, invalid("TopicArn")
	}
	if t, ok := c.Region.SNS.Topics.Get(*arn); ok {
		return t, nil
	}
	return nil, notFound("Topic")
}

// findSubscription finds the subscription that a call names by ARN.
func findSubscription(r *world.Region, arn *string) (*world.Subscription, error) {
	if n := len(strings.Split(aws.ToString(arn), ":")); n < 7 {
		return nil, invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not %d", n)
	}
	s, ok := r.SNS.Subscriptions.Get(lastPart(*arn))
	if !ok || s.ARN != *arn {
		return nil, notFound("Subscription")
	}
	return s, nil
}

func lastPart(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

// regionOf is the region in an ARN, of which links in mails and posts say no more.
func regionOf(c *world.Call, arn *string) *world.Region {
	if parts := strings.Split(aws.ToString(arn), ":"); len(parts) > 5 && parts[3] != "" {
		if r, ok := c.Regions.Get(parts[3]); ok {
			return r
		}
	}
	return c.Region
}

// pageSize is how many rows a listing gives at once.
const pageSize = 100

// page cuts the asked page out of all rows.
func page[T any](rows []T, token *string) ([]T, *string, error) {
	start := 0
	if token != nil {
		b, _ := base64.StdEncoding.DecodeString(*token)
		digits, ok := strings.CutPrefix(string(b), "from ")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 {
			return nil, nil, invalid("NextToken")
		}
		start = min(n, len(rows))
	}
	end := min(start+pageSize, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))), nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
