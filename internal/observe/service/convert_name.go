package service

import (
	"reflect"
	"slices"
	"strings"
)

// small is a member's name as the API writes it.
func small(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// sortedKeys are the keys of a map from texts.
func sortedKeys(v reflect.Value) []string {
	var out []string
	for _, k := range v.MapKeys() {
		out = append(out, k.String())
	}
	slices.Sort(out)
	return out
}

// last is the last part of an ARN.
func last(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// contains tells whether a name is among names with spaces between them.
func contains(names, name string) bool { return slices.Contains(strings.Fields(names), name) }
