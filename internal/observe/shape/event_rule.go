package shape

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/model"
)

// OurTarget also tells whose a rule is that lost its description.
func OurTarget(t types.Target) bool { return aws.ToString(t.Id) == model.EventTarget }

// ReadTarget reads into a rule where berth's target of it sends what.
func ReadTarget(key Keys, r *model.EventRule, t types.Target) {
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
