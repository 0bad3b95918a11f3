package apply

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func eventRuleEntry() entry { return typed(createEventRule, updateEventRule, deleteEventRule) }

// createEventRule can be repeated: a rule is put.
func createEventRule(ctx context.Context, j *job, r model.EventRule) (model.Handle, error) {
	h, err := j.putRule(ctx, r, eventTags(j.scope.Tags(r.Key())))
	if err != nil {
		return h, err
	}
	return h, j.putTarget(ctx, r)
}

func updateEventRule(ctx context.Context, j *job, r model.EventRule) (model.Handle, error) {
	h := j.handle()
	if j.differs("description", "pattern", "enabled") {
		if _, err := j.putRule(ctx, r, nil); err != nil {
			return h, err
		}
	}
	if j.differs("target", "message_values", "message", "dead_letters", "target_extras") {
		return h, j.putTarget(ctx, r)
	}
	return h, nil
}

// deleteEventRule first takes all targets off the rule, also those of others: AWS wants it so.
func deleteEventRule(ctx context.Context, j *job, r model.EventRule) (model.Handle, error) {
	ids := r.OtherTargets
	if !r.Target.IsZero() {
		ids = append([]string{model.EventTarget}, ids...)
	}
	if len(ids) > 0 {
		out, err := cloud.Repeat(ctx, j.c, j.c.Events.RemoveTargets, &eventbridge.RemoveTargetsInput{Rule: aws.String(r.Name), Ids: ids})
		if gone(err) != nil {
			return j.handle(), err
		}
		if err == nil {
			for _, f := range out.FailedEntries {
				if failed := batchError("EventBridge", "RemoveTargets", f.ErrorCode, f.ErrorMessage); gone(failed) != nil {
					return j.handle(), failed
				}
			}
		}
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Events.DeleteRule, &eventbridge.DeleteRuleInput{Name: aws.String(r.Name)})
	return model.Handle{}, gone(err)
}

// putRule makes or replaces the rule; AWS takes tags with a new one only.
func (j *job) putRule(ctx context.Context, r model.EventRule, tags []types.Tag) (model.Handle, error) {
	state := types.RuleStateEnabled
	if !r.Enabled {
		state = types.RuleStateDisabled
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.Events.PutRule, &eventbridge.PutRuleInput{
		Name: aws.String(r.Name), Description: aws.String(r.Description), EventPattern: aws.String(r.Pattern), State: state, Tags: tags,
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: r.Name, ARN: aws.ToString(out.RuleArn)}, nil
}

// putTarget puts the target as a whole: what somebody has set on it besides is gone then.
func (j *job) putTarget(ctx context.Context, r model.EventRule) error {
	t := types.Target{Id: aws.String(model.EventTarget), Arn: aws.String(j.have.Handle(r.Target).ARN)}
	if arn := j.have.Handle(r.DeadLetters).ARN; arn != "" {
		t.DeadLetterConfig = &types.DeadLetterConfig{Arn: &arn}
	}
	if r.Message != "" {
		t.InputTransformer = &types.InputTransformer{InputTemplate: aws.String(r.Message)}
	}
	if r.Message != "" && r.Values != "" {
		if err := json.Unmarshal([]byte(r.Values), &t.InputTransformer.InputPathsMap); err != nil {
			return err
		}
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.Events.PutTargets, &eventbridge.PutTargetsInput{Rule: aws.String(r.Name), Targets: []types.Target{t}})
	if err != nil {
		return err
	}
	for _, f := range out.FailedEntries {
		return batchError("EventBridge", "PutTargets", f.ErrorCode, f.ErrorMessage)
	}
	return nil
}

func eventTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}
