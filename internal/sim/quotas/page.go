package quotas

import (
	"encoding/base64"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// page cuts the asked page out of all rows: 100 a page, which is the most, unless the call says otherwise.
func page[T any](rows []T, token *string, most *int32) ([]T, *string, error) {
	size := 100
	if most != nil {
		size = int(*most)
	}
	if size < 1 || size > 100 {
		return nil, nil, wire.Errorf("IllegalArgumentException", "MaxResults must be between 1 and 100.")
	}
	start, err := readToken(aws.ToString(token))
	if err != nil {
		return nil, nil, err
	}
	start = min(start, len(rows))
	if end := start + size; end < len(rows) {
		return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))), nil
	}
	return rows[start:], nil, nil
}

func readToken(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	b, _ := base64.StdEncoding.DecodeString(token)
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 {
		return 0, wire.Errorf("InvalidPaginationTokenException", "Invalid NextToken.")
	}
	return n, nil
}
