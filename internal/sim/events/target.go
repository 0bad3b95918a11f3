package events

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim/events/transform"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The quotas of targets: of a rule, and of a call.
const (
	mostTargets = 5
	mostAtOnce  = 100
)

// PutTargets adds targets to a rule, or replaces those of the same ids. All of them are right, or none is put.
func PutTargets(c *world.Call, in *eventbridge.PutTargetsInput) (*eventbridge.PutTargetsOutput, error) {
	r, err := change(c, in.Rule, in.EventBusName, false)
	if err != nil {
		return nil, err
	}
	if len(in.Targets) == 0 || len(in.Targets) > mostAtOnce {
		return nil, constraint("[]", "targets", "have length between 1 and "+strconv.Itoa(mostAtOnce))
	}
	targets := slices.Clone(r.Targets)
	seen := map[string]bool{}
	for _, one := range in.Targets {
		t, err := readTarget(c.Region, one)
		if err != nil {
			return nil, err
		}
		if seen[t.ID] {
			return nil, invalid("Parameter Targets is not valid. Reason: The id %s is there twice.", t.ID)
		}
		seen[t.ID] = true
		if i := slices.IndexFunc(targets, func(have world.EventTarget) bool { return have.ID == t.ID }); i >= 0 {
			targets[i] = t
		} else {
			targets = append(targets, t)
		}
	}
	if len(targets) > mostTargets {
		return nil, tooMany()
	}
	r.Targets = targets
	return &eventbridge.PutTargetsOutput{FailedEntries: []types.PutTargetsResultEntry{}}, nil
}

// readTarget reads a target and refuses what it could not do.
func readTarget(r *world.Region, in types.Target) (world.EventTarget, error) {
	t := world.EventTarget{
		ID: aws.ToString(in.Id), ARN: aws.ToString(in.Arn), Role: aws.ToString(in.RoleArn),
		Input: aws.ToString(in.Input), InputPath: aws.ToString(in.InputPath),
	}
	switch {
	case t.ID == "":
		return t, constraint("null", "targets.1.member.id", "not be null")
	case len(t.ID) > 64 || !nameForm.MatchString(t.ID):
		return t, constraint(t.ID, "targets.1.member.id", `satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`)
	}
	if err := checkARN(r, t.ARN); err != nil {
		return t, err
	}
	if special(in) {
		return t, invalid("Target %s is not valid. Reason: it has parameters of targets that are not simulated.", t.ID)
	}
	if in.InputTransformer != nil {
		t.Paths, t.Template = in.InputTransformer.InputPathsMap, aws.ToString(in.InputTransformer.InputTemplate)
		if t.Template == "" {
			return t, constraint("null", "targets.1.member.inputTransformer.inputTemplate", "not be null")
		}
	}
	if err := settings(t).Check(); err != nil {
		return t, invalid("Invalid input for target %s. Reason: %v", t.ID, err)
	}
	return t, readPatience(&t, in)
}

// special tells whether a target has parameters of kinds that are not simulated.
func special(in types.Target) bool {
	return in.AppSyncParameters != nil || in.BatchParameters != nil || in.EcsParameters != nil || in.HttpParameters != nil || in.KinesisParameters != nil ||
		in.RedshiftDataParameters != nil || in.RunCommandParameters != nil || in.SageMakerPipelineParameters != nil || in.SqsParameters != nil
}

// readPatience reads the retry policy and the dead-letter queue.
func readPatience(t *world.EventTarget, in types.Target) error {
	if p := in.RetryPolicy; p != nil {
		t.HasRetryPolicy = true
		if p.MaximumEventAgeInSeconds != nil {
			if t.RetryFor = int(*p.MaximumEventAgeInSeconds); t.RetryFor < 60 || t.RetryFor > 86400 {
				return constraint(strconv.Itoa(t.RetryFor), "targets.1.member.retryPolicy.maximumEventAgeInSeconds", "have value between 60 and 86400")
			}
		}
		if p.MaximumRetryAttempts != nil {
			n := int(*p.MaximumRetryAttempts)
			if n < 0 || n > 185 {
				return constraint(strconv.Itoa(n), "targets.1.member.retryPolicy.maximumRetryAttempts", "have value between 0 and 185")
			}
			t.Retries = &n
		}
	}
	if d := in.DeadLetterConfig; d != nil && d.Arn != nil {
		if t.DeadLetter = *d.Arn; !strings.HasPrefix(t.DeadLetter, "arn:aws:sqs:") {
			return invalid("Parameter DeadLetterConfig.Arn is not valid. Reason: Provided Arn is not in correct format.")
		}
	}
	return nil
}

// checkARN refuses targets that EventBridge could not reach here.
func checkARN(r *world.Region, arn string) error {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[5] == "" {
		return invalid("Parameter Arn is not valid. Reason: Provided Arn is not in correct format.")
	}
	if !slices.Contains([]string{"sns", "sqs", "logs"}, parts[2]) {
		return invalid("Parameter Arn is not valid. Reason: targets of the service %s are not simulated.", parts[2])
	}
	if parts[3] != r.Name || parts[4] != world.Account {
		return invalid("Parameter Arn is not valid. Reason: targets of other regions and accounts are not simulated.")
	}
	return nil
}

// settings are a target's input settings.
func settings(t world.EventTarget) transform.Settings {
	return transform.Settings{Input: t.Input, Path: t.InputPath, Paths: t.Paths, Template: t.Template}
}

// RemoveTargets takes targets off a rule; an id that is not there is an entry that failed.
func RemoveTargets(c *world.Call, in *eventbridge.RemoveTargetsInput) (*eventbridge.RemoveTargetsOutput, error) {
	r, err := change(c, in.Rule, in.EventBusName, in.Force)
	if err != nil {
		return nil, err
	}
	if len(in.Ids) == 0 || len(in.Ids) > mostAtOnce {
		return nil, constraint("[]", "ids", "have length between 1 and "+strconv.Itoa(mostAtOnce))
	}
	out := &eventbridge.RemoveTargetsOutput{FailedEntries: []types.RemoveTargetsResultEntry{}}
	for _, id := range in.Ids {
		i := slices.IndexFunc(r.Targets, func(t world.EventTarget) bool { return t.ID == id })
		if i >= 0 {
			r.Targets = slices.Concat(r.Targets[:i], r.Targets[i+1:])
			continue
		}
		out.FailedEntryCount++
		out.FailedEntries = append(out.FailedEntries, types.RemoveTargetsResultEntry{
			TargetId: aws.String(id), ErrorCode: aws.String("ResourceNotFoundException"),
			ErrorMessage: aws.String("Rule " + r.Name + " does not have the target " + id + "."),
		})
	}
	return out, nil
}

func viewTarget(t world.EventTarget) types.Target {
	v := types.Target{Id: aws.String(t.ID), Arn: aws.String(t.ARN), RoleArn: text(t.Role), Input: text(t.Input), InputPath: text(t.InputPath)}
	if t.Template != "" {
		v.InputTransformer = &types.InputTransformer{InputPathsMap: t.Paths, InputTemplate: aws.String(t.Template)}
	}
	if t.DeadLetter != "" {
		v.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(t.DeadLetter)}
	}
	if t.HasRetryPolicy {
		v.RetryPolicy = &types.RetryPolicy{}
		if t.RetryFor > 0 {
			v.RetryPolicy.MaximumEventAgeInSeconds = aws.Int32(int32(t.RetryFor))
		}
		if t.Retries != nil {
			v.RetryPolicy.MaximumRetryAttempts = aws.Int32(int32(*t.Retries))
		}
	}
	return v
}

// ListTargetsByRule lists the targets of a rule.
func ListTargetsByRule(c *world.Call, in *eventbridge.ListTargetsByRuleInput) (*eventbridge.ListTargetsByRuleOutput, error) {
	r, err := find(c, in.Rule, in.EventBusName)
	if err != nil {
		return nil, err
	}
	all := []types.Target{}
	for _, t := range r.Targets {
		all = append(all, viewTarget(t))
	}
	rows, next, err := page(all, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListTargetsByRuleOutput{Targets: rows, NextToken: next}, nil
}

// ListRuleNamesByTarget lists the rules of a bus that have a target.
func ListRuleNamesByTarget(c *world.Call, in *eventbridge.ListRuleNamesByTargetInput) (*eventbridge.ListRuleNamesByTargetOutput, error) {
	arn, err := required("targetArn", in.TargetArn)
	if err != nil {
		return nil, err
	}
	bus, err := busNamed(c.Region, in.EventBusName)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for r := range c.Region.Events.Rules.Rows() {
		if r.Bus == bus && slices.ContainsFunc(r.Targets, func(t world.EventTarget) bool { return t.ARN == arn }) {
			names = append(names, r.Name)
		}
	}
	rows, next, err := page(names, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListRuleNamesByTargetOutput{RuleNames: rows, NextToken: next}, nil
}

// mostTags is how many tags a rule or a bus can have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there.
func tagged(have world.Tags, in []types.Tag) (world.Tags, error) {
	out := have
	for _, t := range in {
		tag := world.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
		if !tag.Legal() {
			return nil, invalid("The tag with the key '%s' is invalid.", tag.Key)
		}
		out = out.Set(tag)
	}
	if len(out) > mostTags {
		return nil, invalid("A resource can have no more than %d tags.", mostTags)
	}
	return out, nil
}

// tagsOf finds the tags of the rule or bus with an ARN.
func tagsOf(c *world.Call, arn *string) (*world.Tags, error) {
	for r := range c.Region.Events.Rules.Rows() {
		if r.ARN == aws.ToString(arn) {
			return &r.Tags, nil
		}
	}
	for b := range c.Region.Events.Buses.Rows() {
		if b.ARN == aws.ToString(arn) {
			return &b.Tags, nil
		}
	}
	kind, name := "Rule", aws.ToString(arn)
	if strings.Contains(name, ":event-bus/") {
		kind = "EventBus"
	}
	name = name[strings.LastIndex(name, "/")+1:]
	return nil, wire.Errorf("ResourceNotFoundException", "%s %s does not exist.", kind, name)
}

// TagResource adds or replaces tags of a rule or a bus.
func TagResource(c *world.Call, in *eventbridge.TagResourceInput) (*eventbridge.TagResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	all, err := tagged(*tags, in.Tags)
	if err != nil {
		return nil, err
	}
	*tags = all
	return &eventbridge.TagResourceOutput{}, nil
}

// UntagResource removes tags of a rule or a bus; unknown keys are ignored.
func UntagResource(c *world.Call, in *eventbridge.UntagResourceInput) (*eventbridge.UntagResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	*tags = tags.Without(in.TagKeys...)
	return &eventbridge.UntagResourceOutput{}, nil
}

// ListTagsForResource lists the tags of a rule or a bus.
func ListTagsForResource(c *world.Call, in *eventbridge.ListTagsForResourceInput) (*eventbridge.ListTagsForResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, t := range *tags {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out, nil
}
