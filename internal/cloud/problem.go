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
	Operation string // "ec2:CreateVpc", as IAM writes it; empty when there are no credentials and so was no call
	Code      string // AWS's
	Message   string // AWS's
	RequestID string
	Action    string // the permission that was missing, when that was it
}

// ProblemOf takes an error apart; ok is false when it does not come from a call to AWS.
func ProblemOf(err error) (p Problem, ok bool) {
	var op *smithy.OperationError
	switch {
	case errors.As(err, &op):
	case Credentials(err):
		return Problem{Message: Message(err)}, true
	default:
		return Problem{}, false
	}
	p = Problem{Operation: prefix(op.ServiceID) + ":" + op.OperationName, Code: Code(err), Message: Message(op.Err)}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		p.RequestID = answer.ServiceRequestID()
	}
	if Denied(err) {
		p.Action = missingAction(op, p.Message)
	}
	return p, true
}

// String is the problem in one line.
func (p Problem) String() string {
	var parts []string
	for _, part := range []string{p.Operation, p.Code, p.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	text := strings.Join(parts, ": ")
	if p.RequestID != "" {
		text += " (request " + p.RequestID + ")"
	}
	return text
}

// Message is AWS's own text, or the error's when it is not an answer of AWS. The encoded authorization message that
// EC2 adds is left out: it is kilobytes long, and only AWS can read it.
func Message(err error) string {
	var none *keyless
	var api smithy.APIError
	switch {
	case errors.As(err, &none):
		return none.Error()
	case errors.As(err, &api):
		text, _, _ := strings.Cut(api.ErrorMessage(), "Encoded authorization failure message:")
		return strings.TrimSpace(text)
	}
	return err.Error()
}

// missingAction is the permission that a refused call lacked: the one that AWS names, which need not be the
// operation's own (iam:PassRole, ec2:CreateTags), else the operation's.
func missingAction(op *smithy.OperationError, message string) string {
	if m := notAuthorized().FindStringSubmatch(message); m != nil {
		return m[1]
	}
	if strings.Contains(message, "not authorized to use launch template") {
		return "ec2:RunInstances" // which Auto Scaling checks, with what belongs to it, and does not name
	}
	if op.ServiceID == "S3" {
		return "s3:" + bucketAction(op.OperationName)
	}
	return prefix(op.ServiceID) + ":" + op.OperationName
}

// notAuthorized finds the action in IAM's usual sentence.
func notAuthorized() *regexp.Regexp {
	return regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)`)
}

// bucketAction is the permission behind an operation of S3, whose permissions have names of their own (S3 user guide,
// "Required permissions for Amazon S3 API operations").
func bucketAction(operation string) string {
	switch operation {
	case "HeadBucket", "ListObjects", "ListObjectsV2":
		return "ListBucket"
	case "HeadObject":
		return "GetObject"
	case "ListObjectVersions":
		return "ListBucketVersions"
	case "DeleteObjects":
		return "DeleteObjectVersion"
	case "GetBucketEncryption":
		return "GetEncryptionConfiguration"
	case "PutBucketEncryption", "DeleteBucketEncryption":
		return "PutEncryptionConfiguration"
	case "GetBucketLifecycleConfiguration":
		return "GetLifecycleConfiguration"
	case "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle":
		return "PutLifecycleConfiguration"
	case "GetPublicAccessBlock":
		return "GetBucketPublicAccessBlock"
	case "PutPublicAccessBlock", "DeletePublicAccessBlock":
		return "PutBucketPublicAccessBlock"
	case "DeleteBucketTagging":
		return "PutBucketTagging"
	case "DeleteBucketOwnershipControls":
		return "PutBucketOwnershipControls"
	}
	return operation
}

// prefix is a service's name in IAM actions.
func prefix(serviceID string) string {
	switch serviceID {
	case "Auto Scaling":
		return "autoscaling"
	case "Elastic Load Balancing", "Elastic Load Balancing v2":
		return "elasticloadbalancing"
	case "EventBridge":
		return "events"
	case "CloudWatch Logs":
		return "logs"
	case "Service Quotas":
		return "servicequotas"
	}
	return strings.ToLower(serviceID)
}
