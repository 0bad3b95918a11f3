package check

import (
	"cmp"

	"berth/internal/model"
)

// noExecLogs is about the cluster's setting, which berth leaves alone: who turned it on hears nothing more.
func noExecLogs(in Input) []Finding {
	if c, ok := model.Find[model.Cluster](&in.Have.Set, model.ClusterKey()); ok && c.ExecLogs {
		return nil
	}
	name := cmp.Or(in.Facts.Scope.Cluster, in.Config.Cluster)
	return []Finding{{
		Severity: Note,
		Text:     "what is typed in ECS Exec sessions is on record only where a task's own log driver keeps it: the cluster sends it to no log of its own",
		Fix: "with a log group of your own: aws ecs update-cluster --region " + in.Config.Region + " --cluster " + name +
			" --configuration 'executeCommandConfiguration={logging=OVERRIDE,logConfiguration={cloudWatchLogGroupName=LOG-GROUP}}'",
	}}
}
