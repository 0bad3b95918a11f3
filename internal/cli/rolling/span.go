package rolling

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// span is a duration that may be given in days, as a flag.
type span time.Duration

const day = 24 * time.Hour

// String is the duration.
func (s *span) String() string {
	switch d := time.Duration(*s); {
	case d == 0:
		return "0"
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	default:
		return d.String()
	}
}

// Set takes "2d" as well as "36h".
func (s *span) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, of := strings.CutSuffix(text, "d"); of {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 14)
		d = time.Duration(n) * day
	}
	if _, number := strconv.Atoi(text); err != nil && number == nil {
		return fmt.Errorf("a time has a unit: %ss, %sm, %sh or %sd", text, text, text, text)
	}
	if err != nil || d < 0 {
		return errors.New("it is a time, such as 90s, 10m, 36h or 2d")
	}
	*s = span(d)
	return nil
}

// Type is what help calls the value.
func (s *span) Type() string { return "TIME" }

// age is a span that is not nothing.
type age struct{ *span }

// Set takes "30d" as well as "36h".
func (a *age) Set(text string) error {
	var s span
	if err := s.Set(text); err != nil || s == 0 {
		return errors.New("it is a time greater than 0, such as 30d or 36h")
	}
	*a.span = s
	return nil
}

// Type is what help calls the value.
func (a *age) Type() string { return "AGE" }
