package problem

import (
	"strings"

	"berth/internal/cloud"
)

// named is a call that AWS refused because of something that the file names and berth does not make.
type named struct {
	call string // "ec2:CreateFlowLogs"; a "*" at its end stands for any ending
	says string // in AWS's code or text
	hint string
}

// hints has a row for each thing that the file names by an ARN or a name and that only the refused call tells about.
func hints() []named {
	const bucket = "look: aws s3api head-bucket --bucket BUCKET, and aws s3api get-bucket-policy --bucket BUCKET; "
	return []named{
		{
			"ec2:CreateFlowLogs", "LogDestination",
			`flow_logs names a bucket that is not there or does not let delivery.logs.amazonaws.com write; ` + bucket +
				`or write flow_logs = "cloudwatch"`,
		},
		{
			"elasticloadbalancing:ModifyLoadBalancerAttributes", "bucket",
			`access_logs names a bucket that is not there, in another region, or that does not let Elastic Load Balancing write; ` + bucket +
				"or leave access_logs out",
		},
		{"elasticloadbalancing:*", "Certificate", "certificate_arn names a certificate that cannot be used; those that are there: " +
			"aws acm list-certificates --region REGION --certificate-statuses ISSUED"},
		{"iam:*", "Invalid principal", "deployer.principal_arns names a user or role that is not there; look: aws iam get-role --role-name NAME"},
		{"*", "key pair '", "key_name names no key pair of the region; those that are there: aws ec2 describe-key-pairs --region REGION"},
		{"sns:Subscribe", "", "an alert names a queue or address that SNS does not take: compare it with alerts in the file"},
	}
}

// byName is what to do about a call that AWS refused, where something that the file names is to blame.
func byName(p cloud.Problem, at Place) []string {
	for _, n := range hints() {
		start, open := strings.CutSuffix(n.call, "*")
		fits := p.Operation == n.call || open && strings.HasPrefix(p.Operation, start)
		if fits && strings.Contains(strings.ToLower(p.Code+" "+p.Message), strings.ToLower(n.says)) {
			return []string{strings.ReplaceAll(n.hint, "REGION", at.Region), "then: " + at.Command}
		}
	}
	return nil
}
