package listing

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// Paging is how a listing is cut into pages: what the call asks for and what the operation allows.
type Paging struct {
	Max   *int32
	Token *string
	IDs   bool // IDs were given, which excludes max for most listings
	Least int  // smallest max; 0 means 5
	Most  int  // largest max; 0 means 1000
	Usual int  // Page size without max; 0 means everything
}

// Page cuts the asked page out of all rows and gives the token of the next one, nil after the last.
func Page[T any](rows []T, p Paging) ([]T, *string, error) {
	size, err := p.size(len(rows))
	if err != nil {
		return nil, nil, err
	}
	start := 0
	if token := aws.ToString(p.Token); token != "" {
		if start, err = readToken(token); err != nil {
			return nil, nil, err
		}
	}
	start = min(start, len(rows))
	end := min(start+size, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], aws.String(makeToken(end)), nil
}

func (p Paging) size(rows int) (int, error) {
	if p.Max == nil {
		if p.Usual > 0 {
			return p.Usual, nil
		}
		return rows, nil
	}
	if p.IDs {
		return 0, wire.Errorf("InvalidParameterCombination", "The parameter maxResults cannot be used with resource IDs in the same request")
	}
	least, most := 5, 1000
	if p.Least > 0 {
		least = p.Least
	}
	if p.Most > 0 {
		most = p.Most
	}
	n := int(*p.Max)
	if n < least {
		return 0, Invalid("Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than %d.", n, least)
	}
	if n > most {
		return 0, Invalid("Value ( %d ) for parameter maxResults is invalid. Expecting a value less than %d.", n, most)
	}
	return n, nil
}

func makeToken(start int) string {
	return base64.StdEncoding.EncodeToString([]byte("rows from " + strconv.Itoa(start)))
}

func readToken(token string) (int, error) {
	b, _ := base64.StdEncoding.DecodeString(token)
	digits, ok := strings.CutPrefix(string(b), "rows from ")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, wire.Errorf("InvalidNextToken", "The token '%s' is invalid", token)
	}
	return n, nil
}
