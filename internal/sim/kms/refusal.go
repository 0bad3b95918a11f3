package kms

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// constraint is the refusal of a member that breaks a rule of the API's model.
func constraint(value, member, rule string) error {
	if value != "null" {
		value = "'" + value + "'"
	}
	return wire.Errorf("ValidationException", "1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s", value, member, rule)
}

// required gives a member's text, or the refusal of a call that lacks it.
func required(member string, value *string) (string, error) {
	if aws.ToString(value) == "" {
		return "", constraint("null", member, "not be null")
	}
	return *value, nil
}

// unsupported is the refusal of what KMS has and this package has not.
func unsupported(format string, a ...any) error {
	return wire.Errorf("UnsupportedOperationException", format, a...)
}

// denied is the refusal of what only AWS does with its keys.
func denied(c *world.Call, arn string) error {
	return wire.Errorf("AccessDeniedException", "User: arn:aws:iam::%s:root is not authorized to perform: kms:%s on resource: %s", world.Account, c.Operation, arn)
}

// cut is one page of a listing.
type cut[T any] struct {
	rows   []T
	marker *string
	more   bool
}

// page cuts the asked page out of all rows: usual a page unless the call says otherwise, most at most.
func page[T any](rows []T, marker *string, limit *int32, usual, most int) (cut[T], error) {
	size := usual
	if limit != nil {
		if size = int(*limit); size < 1 || size > most {
			return cut[T]{}, constraint(strconv.Itoa(size), "limit", "have value between 1 and "+strconv.Itoa(most))
		}
	}
	start := 0
	if marker != nil {
		b, _ := base64.StdEncoding.DecodeString(*marker)
		digits, ok := strings.CutPrefix(string(b), "from ")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 {
			return cut[T]{}, wire.Errorf("InvalidMarkerException", "Could not deserialize marker '%s'", *marker)
		}
		start = min(n, len(rows))
	}
	if end := start + size; end < len(rows) {
		next := base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))
		return cut[T]{rows[start:end], &next, true}, nil
	}
	return cut[T]{rows: rows[start:]}, nil
}
