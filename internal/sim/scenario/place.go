package scenario

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// longest is how long a fault may last, and how far ahead it may be: farther is a slip of the pen.
const longest = 366 * 24 * time.Hour

// nth is a cluster and the number of an instance in it, from 1.
const nth = `[A-Za-z0-9_-]+/[1-9][0-9]{0,3}`

// words are those that fit a place, where they can be counted.
func words(place string) []string {
	if place == "HOW" {
		return []string{"missing", "unauthorized", "ratelimited", "unreachable", "disk-full"}
	}
	return []string{"calm", "rough", "storm"}
}

// pattern is what words in a place look like, and how that is said.
type pattern struct{ like, means string }

// patterns are those of the places that have one.
func patterns() map[string]pattern {
	return map[string]pattern{
		"CALL":     {`^([a-z0-9]+|\*)\.([A-Z][A-Za-z0-9]*)?\*?$`, "a call such as ec2.RunInstances, ecs.Describe* or ec2.*"},
		"ZONE":     {`^[a-z]{2}(-[a-z]+)+-\d[a-z]$`, "an Availability Zone such as eu-west-1a"},
		"TYPE":     {`^[a-z0-9-]+\.[a-z0-9-]+$`, "an instance type such as m7i.large"},
		"INSTANCE": {`^i-[0-9a-f]+$|^` + nth + `$`, "an instance such as i-0123456789abcdef0, or acc/1 for the first of the cluster acc"},
		"ARN":      {`^arn:aws[a-z-]*:.+$`, "an ARN such as arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3"},
		"AMI":      {`^ami-[0-9a-f]+$|^` + nth + `$`, "an image such as ami-0123456789abcdef0, or acc/1 for that of the first instance of the cluster acc"},
		"IMAGE":    {`.`, "how the names of images begin, such as docker.io/acme"},
		"CODE":     {`^[A-Za-z][A-Za-z0-9.-]*$`, "a code such as AccessDenied or L-F678F1CE"},
	}
}

// check tells what is wrong with a word in a place; empty: nothing.
func check(place, word string) string {
	fits, means := true, ""
	switch place {
	case "TIME":
		d, err := time.ParseDuration(word)
		fits, means = err == nil && d > 0 && d <= longest, "a time such as 90s, 10m or 2h"
	case "COUNT":
		n, err := strconv.Atoi(word)
		fits, means = err == nil && n >= 0 && n <= 1_000_000, "a whole number"
	case "NUMBER":
		n, err := strconv.ParseFloat(word, 64)
		fits, means = err == nil && n >= 0 && n <= 1e9, "a number"
	case "HOW", "WORD":
		fits, means = slices.Contains(words(place), word), "one of "+strings.Join(words(place), ", ")
	default:
		if p, ok := patterns()[place]; ok {
			fits, means = regexp.MustCompile(p.like).MatchString(word), p.means
		}
	}
	if fits {
		return ""
	}
	return means
}
