package ssm

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// test is one filter.
type test func(ec2.PublicParameter) bool

// passing are the parameters that pass every test, by name.
func passing(c *world.Call, tests []test) []ec2.PublicParameter {
	return slices.DeleteFunc(everything(c), func(p ec2.PublicParameter) bool {
		return slices.ContainsFunc(tests, func(t test) bool { return !t(p) })
	})
}

// tests reads filters whose keys are among the known ones.
func tests(filters []types.ParameterStringFilter, known ...string) ([]test, error) {
	var out []test
	for _, f := range filters {
		key := aws.ToString(f.Key)
		if !slices.Contains(known, key) {
			return nil, wire.Errorf("InvalidFilterKey", "The following filter key is not valid: %s. Valid filter keys include: [%s].",
				key, strings.Join(known, ", "))
		}
		t, err := reading(f)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func reading(f types.ParameterStringFilter) (test, error) {
	var matches func(have, want string) bool
	switch option := aws.ToString(f.Option); option {
	case "", "Equals":
		matches = func(have, want string) bool { return have == want }
	case "BeginsWith":
		matches = strings.HasPrefix
	case "Contains":
		matches = strings.Contains
	case "OneLevel", "Recursive":
		matches = func(have, want string) bool { return below(have, want, option == "Recursive") }
	default:
		return nil, wire.Errorf("InvalidFilterOption", "The following filter option is not valid: %s. Valid options include: [BeginsWith, Equals].", option)
	}
	if aws.ToString(f.Key) == "Path" && f.Option == nil {
		matches = func(have, want string) bool { return below(have, want, false) }
	}
	return func(p ec2.PublicParameter) bool {
		return slices.ContainsFunc(f.Values, func(want string) bool { return matches(property(p, aws.ToString(f.Key)), want) })
	}, nil
}

// property is what a filter key looks at; no parameter has a key or labels.
func property(p ec2.PublicParameter, key string) string {
	switch key {
	case "Name", "Path":
		return p.Name
	case "Type":
		return string(types.ParameterTypeString)
	case "Tier":
		return string(types.ParameterTierStandard)
	case "DataType":
		return dataType(p)
	default:
		return ""
	}
}

// page cuts one page out, of at most most rows.
func page(rows []ec2.PublicParameter, size *int32, token *string, most int) ([]ec2.PublicParameter, *string, error) {
	n := most
	if size != nil {
		n = int(*size)
	}
	if n < 1 {
		return nil, nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1", n)
	}
	if n > most {
		return nil, nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", n, most)
	}
	start := 0
	if token != nil {
		b, _ := base64.StdEncoding.DecodeString(*token)
		at, err := strconv.Atoi(string(b))
		if err != nil || at < 0 {
			return nil, nil, wire.Errorf("InvalidNextToken", "The specified token isn't valid.")
		}
		start = at
	}
	start = min(start, len(rows))
	end := min(start+n, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))), nil
}
