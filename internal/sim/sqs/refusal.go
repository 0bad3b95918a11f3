package sqs

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Refusals have the codes of SQS's JSON protocol; clients of the query protocol are told the old ones by the wire.

func missing(parameter string) error {
	return wire.Errorf("MissingParameter", "The request must contain the parameter %s.", parameter)
}

// value is the refusal of a parameter's value, and why.
func value(value any, parameter, reason string) error {
	return wire.Errorf("InvalidParameterValue", "Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

// attribute is the refusal of an attribute's value.
func attribute(name string) error {
	return wire.Errorf("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

func noQueue() *wire.Error {
	return wire.Errorf("QueueDoesNotExist", "The specified queue does not exist.")
}

// locked is the refusal of an operation on messages whose key cannot be used; nil for "".
func locked(why, key string) error {
	switch why {
	case "":
		return nil
	case kms.Missing:
		return wire.Errorf("KmsNotFound", "The KMS key %s does not exist.", key)
	case kms.Disabled:
		return wire.Errorf("KmsDisabled", "The KMS key %s is disabled.", key)
	case kms.Dying:
		return wire.Errorf("KmsInvalidState", "The KMS key %s is pending deletion.", key)
	}
	return wire.Errorf("KmsAccessDenied", "The ciphertext refers to a KMS key that does not exist, does not exist in this region, or you are not allowed to access.")
}

// find finds the queue that a call names by URL; only the path counts, so that any host will do.
func find(c *world.Call, queueURL *string) (*world.Queue, error) {
	if aws.ToString(queueURL) == "" {
		return nil, missing("QueueUrl")
	}
	u, err := url.Parse(*queueURL)
	if err != nil {
		return nil, wire.Errorf("InvalidAddress", "The address %s is not valid for this endpoint.", *queueURL)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	q, ok := c.Region.SQS.Queues.Get(parts[len(parts)-1])
	if !ok || len(parts) > 1 && parts[len(parts)-2] != world.Account {
		return nil, noQueue()
	}
	return q, nil
}

// page cuts the asked page out of all rows; without a size it is the first thousand, and there is no next one.
func page[T any](rows []T, size *int32, token *string) ([]T, *string, error) {
	n, start := 1000, 0
	if size != nil {
		if n = int(*size); n < 1 || n > 1000 {
			return nil, nil, value(n, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
		}
	}
	if token != nil {
		b, _ := base64.StdEncoding.DecodeString(*token)
		digits, ok := strings.CutPrefix(string(b), "from ")
		at, err := strconv.Atoi(digits)
		if !ok || err != nil || at < 0 {
			return nil, nil, value(*token, "NextToken", "Invalid or expired next token.")
		}
		start = min(at, len(rows))
	}
	end := min(start+n, len(rows))
	if end == len(rows) || size == nil {
		return rows[start:end], nil, nil
	}
	return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))), nil
}
