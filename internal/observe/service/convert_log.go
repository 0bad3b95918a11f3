package service

import (
	"strings"

	"berth/internal/document"
)

// tokenless is a container's definition without the options of its log driver, but those of awslogs: some drivers take a token there
// (Docker documentation, "Splunk logging driver").
func tokenless(c document.Value) document.Value {
	log := c.Get("logConfiguration")
	if !log.Get("options").There() {
		return c
	}
	options := document.Value{Kind: document.Object}
	for _, o := range log.Get("options").Members {
		if strings.HasPrefix(o.Name, "awslogs-") {
			options.Members = append(options.Members, o)
		}
	}
	return c.With("logConfiguration", log.With("options", options))
}
