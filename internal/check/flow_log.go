package check

import (
	"fmt"

	"berth/internal/model"
)

// noFlowLogs tells what is missing and how to get it.
func noFlowLogs(in Input) []Finding {
	if in.Config.FlowLogs.On() || in.Config.Existing != nil {
		return nil // those of an existing VPC are its owner's to keep
	}
	return []Finding{in.at(Finding{
		Severity: Note,
		Text:     "there are no flow logs of the VPC: who talked to whom is not on record",
		Fix:      fmt.Sprintf(`flow_logs = "cloudwatch" keeps them for log_retention_days (%d), or name a bucket of your own: flow_logs = "arn:aws:s3:::BUCKET"`, in.Config.LogRetentionDays),
	}, "flow_logs")}
}

// unwrittenFlowLog passes on what AWS tells nobody who does not ask.
func unwrittenFlowLog(in Input) []Finding {
	f, ok := model.Find[model.FlowLog](&in.Have.Set, model.FlowLogKey())
	why := in.Have.Handle(model.FlowLogKey()).Reason
	if !ok || why == "" || !in.Want.Has(f.Key()) {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Error,
		Text:     fmt.Sprintf("the flow log %s is not written: %q", in.Have.ID(f.Key()), why),
		Fix:      "berth apply mends its role and log group; where nothing differs, look for a service control policy that denies logs:PutLogEvents",
	}, "flow_logs")}
}
