// Package query is ECS's cluster query language: expressions that say of a container instance whether they mean it.
//
// In go the text of an expression, and container instances with the tasks on them; out comes whether an instance matches
// (ECS developer guide, "Create expressions to define container instances for Amazon ECS tasks"). A text is read once and
// asked often, so Matches allocates nothing. It must never change an instance, and never panic, whatever the text.
//
// The guide leaves some things open. Here they are so: operators and subjects are in lower case. Of the connectives "not"
// binds closest, then "and", then "or". A literal without quotes ends at a blank, a bracket, a quote, a comma, && or ||, but
// a pattern may have classes such as [23]; in quotes a backslash keeps its meaning for patterns and only hides a quote. An
// attribute that an instance has not is neither equal nor unequal to anything, as the guide's filter by the attribute stack
// says, and an attribute without a value has the empty one. Attributes are ordered as texts. A group of tasks is on an
// instance or it is not: != and its kin are the opposite of == and its kin. Dates without a zone are in UTC.
package query
