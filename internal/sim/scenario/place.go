package scenario

import (
	"regexp"
	"strconv"
	"time"
)

// longest is how long a fault may last, and how far ahead it may be: farther is a slip of the pen.
const longest = 366 * 24 * time.Hour

// check tells what is wrong with a word in a place; empty: nothing.
func check(place, word string) string {
	switch place {
	case "TIME":
		if d, err := time.ParseDuration(word); err != nil || d <= 0 || d > longest {
			return "a time such as 90s, 10m or 2h"
		}
	case "COUNT":
		if n, err := strconv.Atoi(word); err != nil || n < 0 || n > 1_000_000 {
			return "a whole number"
		}
	case "NUMBER":
		if n, err := strconv.ParseFloat(word, 64); err != nil || n < 0 || n > 1e9 {
			return "a number"
		}
	case "CALL":
		if !regexp.MustCompile(`^([a-z0-9]+|\*)\.([A-Z][A-Za-z0-9]*)?\*?$`).MatchString(word) {
			return "a call such as ec2.RunInstances, ecs.Describe* or ec2.*"
		}
	case "ZONE":
		if !regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d[a-z]$`).MatchString(word) {
			return "an Availability Zone such as eu-west-1a"
		}
	case "TYPE":
		if !regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9-]+$`).MatchString(word) {
			return "an instance type such as m7i.large"
		}
	case "INSTANCE":
		if !regexp.MustCompile(`^i-[0-9a-f]+$`).MatchString(word) {
			return "the id of an instance such as i-0123456789abcdef0"
		}
	case "AMI":
		if !regexp.MustCompile(`^ami-[0-9a-f]+$`).MatchString(word) {
			return "the id of an image such as ami-0123456789abcdef0"
		}
	case "CODE":
		if !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.-]*$`).MatchString(word) {
			return "a code such as AccessDenied or L-F678F1CE"
		}
	}
	return ""
}
