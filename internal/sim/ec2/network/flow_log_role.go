package network

import (
	"encoding/json"
	"time"

	"berth/internal/sim/policy"
	"berth/internal/sim/world"
)

// flowService is who writes flow logs.
const flowService = "vpc-flow-logs.amazonaws.com"

// roleDelay is how long EC2 takes to see a role that was just made.
const roleDelay = 8 * time.Second

// roleOf finds a role by its ARN.
func roleOf(w *world.World, arn string) *world.Role {
	for r := range w.IAM.Roles.Rows() {
		if r.ARN == arn {
			return r
		}
	}
	return nil
}

// lends tells whether a role's trust policy lets flow logs take it on, with what EC2 says of the caller (IAM user guide,
// "The confused deputy problem").
func lends(r *world.Region, role *world.Role, f *world.FlowLog) bool {
	return allows(role.Trust, "Resource", policy.Request{
		Service: flowService, Action: "sts:AssumeRole", Resource: "*",
		Context: map[string]string{"aws:SourceAccount": world.Account, "aws:SourceArn": "arn:aws:ec2:" + r.Name + ":" + world.Account + ":vpc-flow-log/" + f.ID},
	})
}

// allows asks a policy that lacks an element because it follows from where the policy stands: the resource of a trust
// policy, the principal of a role's own.
func allows(text, lacks string, q policy.Request) bool {
	var doc struct {
		Version   string
		Statement []map[string]any
	}
	if json.Unmarshal([]byte(text), &doc) != nil {
		var single struct {
			Version   string
			Statement map[string]any
		}
		if json.Unmarshal([]byte(text), &single) != nil {
			return false
		}
		doc.Version, doc.Statement = single.Version, []map[string]any{single.Statement}
	}
	for _, s := range doc.Statement {
		s[lacks] = "*"
	}
	whole, err := json.Marshal(doc)
	if err != nil {
		return false
	}
	p, err := policy.Parse(string(whole))
	return err == nil && p.Allows(q)
}

// delivery is whether a flow log arrives, and what keeps it: nobody tells before it is written (EC2 API reference,
// FlowLog).
func delivery(c *world.Call, f *world.FlowLog) (status, trouble string) {
	if f.To != flowToGroup || mayWrite(c, f) {
		return "SUCCESS", ""
	}
	return "FAILED", "Access error"
}

// mayWrite tells whether the log group stands and the role may write to it. What AWS's own policies allow is not asked.
func mayWrite(c *world.Call, f *world.FlowLog) bool {
	role := roleOf(c.World, f.Role)
	group, ok := c.Region.Logs.Groups.Get(f.Group)
	if role == nil || !ok || !lends(c.Region, role, f) {
		return false
	}
	if len(role.Attached) > 0 {
		return true
	}
	for p := range role.Inline.Rows() {
		if allows(p.Document, "Principal", policy.Request{Account: world.Account, Action: "logs:PutLogEvents", Resource: group.ARN + ":log-stream:eni"}) {
			return true
		}
	}
	return false
}
