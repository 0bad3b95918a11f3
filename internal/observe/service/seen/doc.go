// Package seen puts what AWS answered about instances, groups and targets into our words.
//
// In: values of the AWS SDK. Out: values of package live, in which nothing points. It asks nobody, and decides nothing.
package seen
