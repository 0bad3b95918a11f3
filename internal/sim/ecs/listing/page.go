package listing

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Page cuts the asked page out of all rows and gives the token of the next one, nil after the last. Without a size pages
// have the given number of rows, and none may have more.
func Page[T any](rows []T, size *int32, token *string, most int) ([]T, *string, error) {
	n := most
	if size != nil {
		if n = int(*size); n < 1 || n > most {
			return nil, nil, invalid("maxResults must be between 1 and %d", most)
		}
	}
	start, err := readToken(token)
	if err != nil {
		return nil, nil, err
	}
	start = min(start, len(rows))
	end := min(start+n, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	next := base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))
	return rows[start:end], &next, nil
}

func readToken(token *string) (int, error) {
	if token == nil || *token == "" {
		return 0, nil
	}
	b, _ := base64.StdEncoding.DecodeString(*token)
	digits, ok := strings.CutPrefix(string(b), "from ")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, invalid("Invalid token %s", *token)
	}
	return n, nil
}
