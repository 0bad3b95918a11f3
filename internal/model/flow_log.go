package model

// Where flow logs go, as AWS calls it.
const (
	ToLogGroup = "cloud-watch-logs"
	ToBucket   = "s3"
)

// FlowLog records who talks to whom in the VPC: one line for each connection and interval.
type FlowLog struct {
	To       string // ToLogGroup or ToBucket
	Bucket   string // the ARN of a bucket of the user's own, perhaps with a folder
	LogGroup Key    // where it goes instead of a bucket
	Role     Key    // that lets AWS write there; a bucket has a policy instead
	Traffic  string // "ALL", "ACCEPT", "REJECT"
	Seconds  int    // for how long connections are added up: 60 or 600
	Tags     Tags
}

// FlowLogKey names the flow log of the VPC.
func FlowLogKey() Key { return Key{KindFlowLog, ""} }

// FlowLogGroup is the file under which the log group of the flow log is known.
const FlowLogGroup = "vpc-flow-logs"

// FlowLogRole is what the role of the flow log is for.
const FlowLogRole = "flow_logs"

// Key is FlowLogKey.
func (FlowLog) Key() Key { return FlowLogKey() }

// Refs are the VPC, and log group and role where it has them.
func (f FlowLog) Refs() []Key {
	refs := []Key{VPCKey()}
	for _, k := range []Key{f.LogGroup, f.Role} {
		if !k.IsZero() && k.Kind != KindForeign {
			refs = append(refs, k)
		}
	}
	return refs
}

// Attrs lists the flow log's settings.
func (f FlowLog) Attrs() []Attr {
	var a attrs
	a.text("destination_type", f.To)
	a.text("bucket", f.Bucket)
	a.key("log_group", f.LogGroup)
	a.key("role", f.Role)
	a.text("traffic", f.Traffic)
	a.number("interval_seconds", f.Seconds)
	a.tags(f.Tags)
	return a
}
