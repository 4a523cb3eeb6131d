print(Contest.header)
for contest in masks + texts { print(contest.line()) }
