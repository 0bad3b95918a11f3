package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
)

var logPrefix = regexp.MustCompile(`^[a-zA-Z0-9_./#-]{0,256}$`)

// retentions are the days that CloudWatch Logs accepts (API reference, PutRetentionPolicy).
func retentions() []int {
	return []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// logs reads where logs go, how long they stay, and how much is measured.
func (s settings) logs(c *Config) {
	c.ContainerInsights = s.choice("container_insights")
	c.LogRetentionDays = s.retention()
	prefix, ok := s.text("log_prefix")
	v, given := s.values["log_prefix"]
	switch {
	case !given:
		c.LogPrefix = c.Environment + "_" + c.Cluster
		return
	case ok && strings.HasPrefix(strings.ToLower(prefix), "aws/"):
		s.Fail(v.At, Fault{Code: codeReserved, Summary: `log_prefix cannot begin with "aws/"`, Hint: "AWS keeps that for itself; choose another"})
	case ok && !logPrefix.MatchString(prefix):
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: "log_prefix cannot be " + tfvars.Quote(prefix),
			Hint: "at most 256 letters, digits and _ - . / #",
		})
	}
	c.LogPrefix = prefix
}

func (s settings) retention() int {
	days, ok := s.number("log_retention_days")
	if !ok || slices.Contains(retentions(), days) {
		return days
	}
	s.Fail(s.values["log_retention_days"].At, Fault{
		Code: codeChoice, Summary: "log_retention_days cannot be " + strconv.Itoa(days),
		Detail: "CloudWatch Logs keeps logs for a few fixed numbers of days.", Hint: nearestDays(days),
	})
	return days
}

// nearestDays offers the steps below and above.
func nearestDays(days int) string {
	all := retentions()
	i, _ := slices.BinarySearch(all, days)
	switch i {
	case 0:
		return "the shortest is " + strconv.Itoa(all[0])
	case len(all):
		return "the longest is " + strconv.Itoa(all[len(all)-1])
	default:
		return "the nearest are " + strconv.Itoa(all[i-1]) + " and " + strconv.Itoa(all[i])
	}
}
