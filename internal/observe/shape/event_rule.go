package shape

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/model"
)

// OurTarget also tells whose a rule is that lost its description.
func OurTarget(t types.Target) bool { return aws.ToString(t.Id) == model.EventTarget }

// ReadTarget reads into a rule where berth's target of it sends what.
func ReadTarget(key Keys, r *model.EventRule, t types.Target) {
	r.Extras = extras(t)
	r.Target = key(aws.ToString(t.Arn))
	if t.DeadLetterConfig != nil {
		r.DeadLetters = key(aws.ToString(t.DeadLetterConfig.Arn))
	}
	switch {
	case t.InputTransformer != nil:
		if paths, err := json.Marshal(t.InputTransformer.InputPathsMap); err == nil && len(t.InputTransformer.InputPathsMap) > 0 {
			r.Values = model.CanonicalJSON(string(paths))
		}
		r.Message = aws.ToString(t.InputTransformer.InputTemplate)
	case t.Input != nil:
		r.Message = aws.ToString(t.Input)
	case t.InputPath != nil:
		r.Message = aws.ToString(t.InputPath)
	}
}

// extras names what is set on a target and is none of berth's. A role is the worst of it: topics and queues let EventBridge
// in by their own policies, and a role that is not fit keeps every event away (EventBridge user guide, troubleshooting).
func extras(t types.Target) string {
	var out []string
	for _, extra := range []struct {
		name  string
		there bool
	}{
		{"RoleArn", t.RoleArn != nil},
		{"RetryPolicy", t.RetryPolicy != nil},
		{"AppSyncParameters", t.AppSyncParameters != nil},
		{"BatchParameters", t.BatchParameters != nil},
		{"EcsParameters", t.EcsParameters != nil},
		{"HttpParameters", t.HttpParameters != nil},
		{"KinesisParameters", t.KinesisParameters != nil},
		{"RedshiftDataParameters", t.RedshiftDataParameters != nil},
		{"RunCommandParameters", t.RunCommandParameters != nil},
		{"SageMakerPipelineParameters", t.SageMakerPipelineParameters != nil},
		{"SqsParameters", t.SqsParameters != nil},
	} {
		if extra.there {
			out = append(out, extra.name)
		}
	}
	return strings.Join(out, ", ")
}
