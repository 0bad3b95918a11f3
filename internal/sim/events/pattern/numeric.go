package pattern

import (
	"encoding/json"
	"math"
	"strconv"
)

// farthest is how far from 0 a number may be that is compared by its value (EventBridge user guide, "Numeric matching").
const farthest = 5e9

// numeric compiles a list of comparisons: one, or a lower bound and then an upper one. Only JSON numbers pass.
func numeric(argument any) (test, error) {
	list, ok := argument.([]any)
	if !ok || len(list) == 0 {
		return nil, wrong("Invalid member in numeric match: the value must be an array")
	}
	if len(list)%2 != 0 || len(list) > 4 {
		return nil, wrong("Too many or too few elements in numeric expression")
	}
	r := bounds{low: math.Inf(-1), high: math.Inf(1)}
	for i := 0; i < len(list); i += 2 {
		operator, _ := list[i].(string)
		value, ok := number(list[i+1])
		if !ok {
			return nil, wrong("Value of %s must be numeric, between -5.0e9 and 5.0e9", operator)
		}
		if err := r.add(operator, value, i == 0, len(list) == 2); err != nil {
			return nil, err
		}
	}
	if r.low >= r.high && len(list) == 4 {
		return nil, wrong("Bottom must be less than top")
	}
	return func(v any) bool {
		n, ok := number(v)
		return ok && r.holds(n)
	}, nil
}

// bounds is a range of numbers.
type bounds struct {
	low, high         float64
	openLow, openHigh bool
}

func (r *bounds) add(operator string, value float64, first, only bool) error {
	switch {
	case operator == "=" && first && only:
		r.low, r.high = value, value
	case (operator == ">" || operator == ">=") && first:
		r.low, r.openLow = value, operator == ">"
	case (operator == "<" || operator == "<=") && (!first || only):
		r.high, r.openHigh = value, operator == "<"
	default:
		return wrong("Unrecognized numeric range operator: %s", operator)
	}
	return nil
}

func (r *bounds) holds(n float64) bool {
	return (n > r.low || n == r.low && !r.openLow) && (n < r.high || n == r.high && !r.openHigh)
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n), 64)
	return f, err == nil && math.Abs(f) <= farthest
}
