package config

import (
	"regexp"
	"strconv"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// HealthCheck is how a load balancer finds out whether a target works; times in seconds.
type HealthCheck struct {
	Path               string // classic: "" only opens a connection
	Port               int    // 0: the one that gets the requests
	Codes              string // application only: the healthy HTTP status codes
	Interval, Timeout  int
	Healthy, Unhealthy int // checks in a row
}

// AccessLogs are where a load balancer writes its access logs; without a bucket it writes none.
type AccessLogs struct{ Bucket, Prefix string }

// usualTimeout is the health check's timeout where the interval has room for it.
const usualTimeout = 5

var (
	checkPath    = regexp.MustCompile(`^/[!-~]*$`)
	checkCodes   = regexp.MustCompile(`^[2-4][0-9]{2}([-,][2-4][0-9]{2})*$`)
	codeOrRange  = regexp.MustCompile(`^([2-4][0-9]{2})(?:-([2-4][0-9]{2}))?$`)
	bucketName   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	accessPrefix = regexp.MustCompile(`^[!-~]{0,255}$`)
)

// healthCheck reads how targets are checked. The bounds are those of CreateTargetGroup and ConfigureHealthCheck (Elastic
// Load Balancing API references).
func (s settings) healthCheck(kind string) HealthCheck {
	inner := settings{Report: s.Report, scope: option.HealthCheck, path: s.join("health_check"), values: map[string]tfvars.Value{}}
	if v, given := s.values["health_check"]; given {
		opened, ok := s.nested(option.HealthCheck, tfvars.Entry{Key: "health_check", At: v.At, Value: v})
		if !ok {
			return HealthCheck{}
		}
		inner = opened
	}
	inner.finish()
	h := HealthCheck{
		Path: inner.checkPath(kind), Port: inner.checkPort(), Codes: inner.codes(kind),
		Interval: inner.within("interval", 5, 300, "seconds"),
		Healthy:  inner.within("healthy_threshold", 2, 10, "checks"), Unhealthy: inner.within("unhealthy_threshold", 2, 10, "checks"),
	}
	h.Timeout = inner.timeout(kind, h.Interval)
	return h
}

// within reads a number that AWS bounds.
func (s settings) within(name string, low, high int, unit string) int {
	n, ok := s.number(name)
	if v := s.values[name]; ok && (n < low || n > high) {
		s.Fail(v.At, Fault{
			Code: codeBounds, Summary: v.Path + " cannot be " + strconv.Itoa(n), Hint: strconv.Itoa(low) + " to " + strconv.Itoa(high) + " " + unit,
		})
	}
	return n
}

func (s settings) timeout(kind string, interval int) int {
	if _, given := s.values["timeout"]; !given {
		return min(usualTimeout, interval-1)
	}
	most := 120
	if kind == Classic {
		most = 60
	}
	n := s.within("timeout", 2, most, "seconds")
	if v := s.values["timeout"]; n >= interval && n <= most && interval >= 5 {
		s.Fail(v.At, Fault{
			Code: codeTimeout, Summary: v.Path + " is " + strconv.Itoa(n) + " s, and the next check comes after " + strconv.Itoa(interval) + " s",
			Hint: "write timeout = " + strconv.Itoa(min(usualTimeout, interval-1)) + ", or a longer interval",
		})
	}
	return n
}

func (s settings) checkPath(kind string) string {
	path, given := s.text("path")
	if !given && kind == Application {
		return "/"
	}
	if v := s.values["path"]; given && (len(path) > 1024 || !checkPath.MatchString(path)) {
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(path), Detail: "A path begins with a slash and has at most 1024 ASCII characters, no space among them.",
			Hint: "such as path = " + tfvars.Quote("/health"),
		})
	}
	return path
}

func (s settings) checkPort() int {
	port, ok := s.number("port")
	if v := s.values["port"]; ok && (port < 1 || port > 65535) {
		s.Fail(v.At, Fault{Code: codePort, Summary: v.Path + " cannot be " + strconv.Itoa(port), Hint: "a port from 1 to 65535"})
	}
	return port
}

// codes reads the healthy status codes: single ones and ranges, with commas between.
func (s settings) codes(kind string) string {
	text, given := s.text("codes")
	v := s.values["codes"]
	switch {
	case kind == Classic && given:
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " means nothing to a classic load balancer", Detail: "It takes 200 for healthy and nothing else.",
			Hint: `leave it out, or write type = "application"`,
		})
	case kind == Classic:
		return ""
	case !given:
		return "200"
	case !legalCodes(text):
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(text), Hint: `codes from 200 to 499, such as "200", "200,302" or "200-299"`,
		})
	}
	return text
}

func legalCodes(text string) bool {
	if !checkCodes.MatchString(text) {
		return false
	}
	for part := range strings.SplitSeq(text, ",") {
		if m := codeOrRange.FindStringSubmatch(part); m == nil || m[2] != "" && m[2] <= m[1] {
			return false
		}
	}
	return true
}

// accessLogs reads "bucket" or "bucket/prefix".
func (s settings) accessLogs() AccessLogs {
	text, ok := s.text("access_logs")
	if !ok || text == "" {
		return AccessLogs{}
	}
	logs, good := parseAccessLogs(text)
	if v := s.values["access_logs"]; !good {
		hint := `such as access_logs = "acme-access-logs/shop"`
		bare := strings.TrimPrefix(strings.TrimPrefix(text, "s3://"), "arn:aws:s3:::")
		if _, better := parseAccessLogs(bare); better {
			hint = "write access_logs = " + tfvars.Quote(bare)
		}
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(text),
			Detail: "It is a bucket's name, and after a slash a prefix, in which Elastic Load Balancing allows no AWSLogs.",
			Hint:   hint,
		})
	}
	return logs
}

// parseAccessLogs reads a destination, and tells whether Elastic Load Balancing takes it.
func parseAccessLogs(text string) (AccessLogs, bool) {
	var logs AccessLogs
	logs.Bucket, logs.Prefix, _ = strings.Cut(text, "/")
	logs.Prefix = strings.Trim(logs.Prefix, "/")
	return logs, bucketName.MatchString(logs.Bucket) && accessPrefix.MatchString(logs.Prefix) && !strings.Contains(logs.Prefix, "AWSLogs")
}
