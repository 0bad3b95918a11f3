package logs

import (
	"encoding/base64"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// page cuts the asked page out of all rows: 50 a page, which is the most, unless the call says otherwise.
func page[T any](rows []T, token *string, most *int32) ([]T, *string, error) {
	size := 50
	if most != nil {
		size = int(*most)
	}
	if size < 1 || size > 50 {
		return nil, nil, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: "+
			"Member must have value between 1 and 50", size)
	}
	start := 0
	if t := aws.ToString(token); t != "" {
		b, _ := base64.StdEncoding.DecodeString(t)
		n, err := strconv.Atoi(string(b))
		if err != nil || n < 0 {
			return nil, nil, invalid("The specified nextToken is invalid.")
		}
		start = n
	}
	start = min(start, len(rows))
	if end := start + size; end < len(rows) {
		return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))), nil
	}
	return rows[start:], nil, nil
}
