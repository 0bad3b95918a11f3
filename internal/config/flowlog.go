package config

import (
	"regexp"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
	"berth/internal/spell"
)

// CloudWatch is the form of flow_logs that needs nothing of the user's own.
const CloudWatch = "cloudwatch"

// FlowLogs is the record of who talks to whom in the VPC.
type FlowLogs struct {
	To      string // "", CloudWatch, or the ARN of a bucket
	Seconds int    // for how long a connection is added up: 60 or 600
}

// On tells whether there is a record.
func (f FlowLogs) On() bool { return f.To != "" }

// Bucket is the ARN of the bucket that the record goes to, perhaps with a folder; empty when it goes elsewhere.
func (f FlowLogs) Bucket() string {
	if f.To == CloudWatch {
		return ""
	}
	return f.To
}

// bucketARN is a general purpose bucket, perhaps with a folder (Amazon S3 user guide, "Bucket naming rules").
var bucketARN = regexp.MustCompile(`^arn:(aws|aws-cn|aws-us-gov):s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[a-zA-Z0-9_./=-]*)?$`)

// flowLogs reads where flow logs go, and how fine they are.
func (s settings) flowLogs(c *Config) {
	c.FlowLogs.Seconds = s.flowLogInterval()
	to, ok := s.text("flow_logs")
	v := s.values["flow_logs"]
	interval := s.values["flow_log_interval"]
	switch {
	case !ok:
	case to == "none":
		if !interval.At.IsDefault() {
			s.Fail(interval.At, Fault{
				Code: codeNotHere, Summary: "flow_log_interval means nothing without flow logs", Hint: `leave it out, or write flow_logs = "cloudwatch"`,
			})
		}
	case to == CloudWatch:
		c.FlowLogs.To = to
	default:
		s.checkFlowBucket(written{to, v}, c)
		c.FlowLogs.To = to
	}
}

func (s settings) flowLogInterval() int {
	seconds, ok := s.number("flow_log_interval")
	if ok && seconds != 60 && seconds != 600 {
		s.Fail(s.values["flow_log_interval"].At, Fault{
			Code: codeChoice, Summary: "flow_log_interval cannot be " + strconv.Itoa(seconds),
			Detail: "EC2 adds connections up for one minute or for ten.", Hint: "one of: 60, 600",
		})
	}
	return seconds
}

func (s settings) checkFlowBucket(w written, c *Config) {
	m := bucketARN.FindStringSubmatch(w.text)
	f := Fault{Code: codeFlowLogs, Summary: "flow_logs cannot be " + tfvars.Quote(w.text)}
	switch {
	case m == nil && w.text == "s3":
		f.Detail = "Flow logs in S3 go to a bucket of your own, which outlives the cluster."
		f.Hint = `name the bucket: flow_logs = "arn:aws:s3:::BUCKET"`
	case m == nil:
		f.Hint = `one of: "none", "cloudwatch", "arn:aws:s3:::BUCKET" or "arn:aws:s3:::BUCKET/FOLDER/"`
		if near := spell.Nearest(w.text, []string{"none", CloudWatch}); near != "" {
			f.Hint = "did you mean " + near + "?\n" + f.Hint
		}
	case strings.Contains("/"+m[3]+"/", "/AWSLogs/"):
		f.Detail, f.Hint = "EC2 adds the folder AWSLogs itself and refuses it in a name.", "leave it out"
	case strings.HasPrefix(m[2], "berth-") && strings.HasSuffix(m[2], strings.ToLower("-"+c.Region+"-"+c.Environment+"-"+c.Cluster)):
		f.Code, f.Detail = codeOwnBucket, "The cluster's own bucket goes with the cluster, and everything in it."
		f.Hint = `name another bucket, or write flow_logs = "cloudwatch"`
	default:
		return
	}
	s.Fail(w.At, f)
}
