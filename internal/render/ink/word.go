package ink

import (
	"strconv"
	"strings"
	"time"

	"berth/internal/model"
)

// Name is a key as people read it: "subnet private/eu-west-1a".
func Name(k model.Key) string {
	return Clean(strings.TrimSpace(string(k.Kind) + " " + k.Name))
}

// Span is a duration as people say it: "0.4s", "45s", "5m10s", "2h".
func Span(d time.Duration) string {
	if d < 10*time.Second {
		text := strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
		return strings.TrimSuffix(text, ".0") + "s"
	}
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Several counts things: "1 zone", "2 zones".
func Several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
