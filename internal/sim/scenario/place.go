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
		return []string{"missing", "unauthorized", "ratelimited", "unreachable"}
	}
	return []string{"calm", "rough", "storm"}
}

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
		if !regexp.MustCompile(`^i-[0-9a-f]+$|^` + nth + `$`).MatchString(word) {
			return "an instance such as i-0123456789abcdef0, or acc/1 for the first of the cluster acc"
		}
	case "AMI":
		if !regexp.MustCompile(`^ami-[0-9a-f]+$|^` + nth + `$`).MatchString(word) {
			return "an image such as ami-0123456789abcdef0, or acc/1 for that of the first instance of the cluster acc"
		}
	case "IMAGE":
		if word == "" {
			return "how the names of images begin, such as docker.io/acme"
		}
	case "HOW", "WORD":
		if of := words(place); !slices.Contains(of, word) {
			return "one of " + strings.Join(of, ", ")
		}
	case "CODE":
		if !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.-]*$`).MatchString(word) {
			return "a code such as AccessDenied or L-F678F1CE"
		}
	}
	return ""
}
