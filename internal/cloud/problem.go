package cloud

import (
	"errors"
	"regexp"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Problem is what is known of a failed call, for people.
type Problem struct {
	Operation string // "ec2:CreateVpc", as IAM writes it
	Code      string // AWS's
	Message   string // AWS's
	RequestID string
	Action    string // the permission that was missing, when that was it
}

// ProblemOf takes an error apart; ok is false when it does not come from a call to AWS.
func ProblemOf(err error) (p Problem, ok bool) {
	var op *smithy.OperationError
	if !errors.As(err, &op) {
		return Problem{}, false
	}
	p = Problem{Operation: prefix(op.ServiceID) + ":" + op.OperationName, Code: Code(err), Message: Message(op.Err)}
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		p.RequestID = answer.ServiceRequestID()
	}
	if Denied(err) {
		p.Action = p.Operation
		if m := notAuthorized().FindStringSubmatch(p.Message); m != nil {
			p.Action = m[1]
		}
	}
	return p, true
}

// notAuthorized finds the action in IAM's usual sentence; it can differ from the operation (iam:PassRole, s3:ListBucket).
func notAuthorized() *regexp.Regexp {
	return regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)`)
}

// prefix is a service's name in IAM actions.
func prefix(serviceID string) string {
	switch serviceID {
	case "Auto Scaling":
		return "autoscaling"
	case "Elastic Load Balancing", "Elastic Load Balancing v2":
		return "elasticloadbalancing"
	case "CloudWatch Logs":
		return "logs"
	case "Service Quotas":
		return "servicequotas"
	}
	return strings.ToLower(serviceID)
}
