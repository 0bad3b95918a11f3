package check

import (
	"cmp"
	"fmt"

	"berth/internal/model"
)

// noFlowLogs tells what is missing and how to get it beside berth, which leaves flow logs alone.
func noFlowLogs(in Input) []Finding {
	if in.Config.Existing != nil {
		return nil // they are the owner's to keep
	}
	return []Finding{{
		Severity: Note,
		Text:     "berth keeps no flow logs of the VPC: who talked to whom is not on record, and this version cannot turn them on",
		Fix: fmt.Sprintf("with a bucket of your own: aws ec2 create-flow-logs --region %s --resource-type VPC --resource-ids %s --traffic-type ALL --log-destination-type s3 --log-destination arn:%s:s3:::BUCKET",
			in.Config.Region, cmp.Or(in.Have.ID(model.VPCKey()), "VPC"), cmp.Or(in.Facts.Scope.Partition, "aws")),
	}}
}
