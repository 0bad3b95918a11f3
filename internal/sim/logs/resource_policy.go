package logs

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The quotas of resource policies: of a region, and of the length of one.
const (
	mostPolicies = 10
	mostPolicy   = 5120
)

// PutResourcePolicy lets AWS's services write into log groups.
func PutResourcePolicy(c *world.Call, in *logs.PutResourcePolicyInput) (*logs.PutResourcePolicyOutput, error) {
	name, document := aws.ToString(in.PolicyName), aws.ToString(in.PolicyDocument)
	switch {
	case in.ResourceArn != nil || in.ExpectedRevisionId != nil:
		return nil, invalid("Policies of single resources are not simulated.")
	case name == "" || document == "":
		return nil, invalid("1 validation error detected: Value null at 'policyName' or 'policyDocument' failed to satisfy constraint: Member must not be null")
	case len(document) > mostPolicy:
		return nil, invalid("1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: Member must have length less than or equal to %d", mostPolicy)
	}
	if _, err := policy.Parse(document); err != nil {
		return nil, invalid("%v", err)
	}
	if _, ok := c.Region.Logs.Policies.Get(name); !ok && c.Region.Logs.Policies.Len() >= mostPolicies {
		return nil, wire.Errorf("LimitExceededException", "Resource limit exceeded.")
	}
	p := &world.LogPolicy{Name: name, Document: document, Updated: c.Now()}
	c.Region.Logs.Policies.Put(name, p)
	return &logs.PutResourcePolicyOutput{ResourcePolicy: new(viewPolicy(p))}, nil
}

func viewPolicy(p *world.LogPolicy) types.ResourcePolicy {
	return types.ResourcePolicy{
		PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document), LastUpdatedTime: aws.Int64(p.Updated.UnixMilli()),
		PolicyScope: types.PolicyScopeAccount,
	}
}

// DeleteResourcePolicy takes a policy away.
func DeleteResourcePolicy(c *world.Call, in *logs.DeleteResourcePolicyInput) (*logs.DeleteResourcePolicyOutput, error) {
	name := aws.ToString(in.PolicyName)
	if _, ok := c.Region.Logs.Policies.Get(name); !ok {
		return nil, wire.Errorf("ResourceNotFoundException", "Policy with name [%s] does not exist.", name)
	}
	c.Region.Logs.Policies.Delete(name)
	return &logs.DeleteResourcePolicyOutput{}, nil
}

// DescribeResourcePolicies lists all policies; there are never more than a page.
func DescribeResourcePolicies(c *world.Call, _ *logs.DescribeResourcePoliciesInput) (*logs.DescribeResourcePoliciesOutput, error) {
	out := &logs.DescribeResourcePoliciesOutput{ResourcePolicies: []types.ResourcePolicy{}}
	for p := range c.Region.Logs.Policies.Rows() {
		out.ResourcePolicies = append(out.ResourcePolicies, viewPolicy(p))
	}
	return out, nil
}

// Delivery is a line that another service writes into a log group.
type Delivery struct {
	Group   string // ARN, with or without ":*"
	Service string // its principal: "events.amazonaws.com"
	Source  string // ARN of the resource that it acts for
	Stream  string // made when it is not there
	Message string
}

// Deliver writes another service's line, if the group is there and a resource policy lets the service write. Refusals are
// *wire.Error: ResourceNotFoundException, AccessDeniedException.
func Deliver(w *world.World, r *world.Region, d Delivery) error {
	arn := strings.TrimSuffix(d.Group, ":*")
	g, ok := r.Logs.Groups.Get(strings.TrimPrefix(arn, "arn:aws:logs:"+r.Name+":"+world.Account+":log-group:"))
	if !ok {
		return wire.Errorf("ResourceNotFoundException", "The specified log group does not exist.")
	}
	stream := g.ARN + ":log-stream:" + d.Stream
	if !lets(r, d, "logs:PutLogEvents", stream) || !lets(r, d, "logs:CreateLogStream", stream) {
		return wire.Errorf("AccessDeniedException", "%s is not authorized to write to %s", d.Service, g.ARN)
	}
	c := &world.Call{World: w, Region: r, Service: "logs", Operation: "PutLogEvents"}
	if _, ok := g.Streams.Get(d.Stream); !ok {
		if _, err := CreateLogStream(c, &logs.CreateLogStreamInput{LogGroupName: aws.String(g.Name), LogStreamName: aws.String(d.Stream)}); err != nil {
			return err
		}
	}
	_, err := PutLogEvents(c, &logs.PutLogEventsInput{
		LogGroupName: aws.String(g.Name), LogStreamName: aws.String(d.Stream),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(w.Now().Truncate(time.Millisecond).UnixMilli()), Message: aws.String(d.Message)}},
	})
	return err
}

// lets tells whether a resource policy of the region lets a service do something with a log stream.
func lets(r *world.Region, d Delivery, action, stream string) bool {
	for row := range r.Logs.Policies.Rows() {
		p, err := policy.Parse(row.Document)
		ask := policy.Request{
			Service: d.Service, Account: world.Account, Action: action, Resource: stream,
			Context: map[string]string{"aws:SourceArn": d.Source, "aws:SourceAccount": world.Account},
		}
		if err == nil && p.Allows(ask) {
			return true
		}
	}
	return false
}
